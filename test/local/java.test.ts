import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findJava, findMaven, javaMajorOf } from '../../src/local/java';
import { temporaryFolder } from '../support/temporary-folder';

const NOWHERE = { PATH: '/nonexistent' };

/** A program that prints `output` on standard error, as `java -version` does. */
function aProgram(path: string, output: string, exitCode = 0): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n/bin/cat >&2 <<'END'\n${output}\nEND\nexit ${exitCode}\n`);
  chmodSync(path, 0o755);
}

describe('javaMajorOf', () => {
  it.each([
    [8, 'java version "1.8.0_392"\nJava(TM) SE Runtime Environment'],
    [11, 'openjdk version "11.0.21" 2023-10-17'],
    [17, 'openjdk version "17.0.15" 2025-04-15'],
    [17, 'Picked up JAVA_TOOL_OPTIONS: -Xmx1g\nopenjdk version "17" 2021-09-14'],
    [21, 'openjdk version "21-ea" 2023-09-19'],
    [undefined, 'The operation couldn’t be completed. Unable to locate a Java Runtime.'],
  ])('reads %s', (major, output) => {
    expect(javaMajorOf(output)).toBe(major);
  });
});

describe('findJava', () => {
  it('says what to install or set when there is none', async () => {
    const java = await findJava(NOWHERE);

    expect(java).toEqual({
      ok: false,
      problem: expect.stringMatching(
        /needs Java 17 or newer, none in JAVA_HOME or on PATH: install.*KAFKA_BOOTSTRAP_SERVERS/,
      ),
    });
  });

  it('says that Java 11 is too old, and where it is', async () => {
    const folder = temporaryFolder();
    aProgram(join(folder, 'java'), 'openjdk version "11.0.21" 2023-10-17');

    const java = await findJava({ PATH: folder });

    expect(java).toMatchObject({ ok: false, problem: expect.stringContaining(`Java 11 at ${folder}/java is too old`) });
  });

  it('prefers JAVA_HOME, and goes on to PATH when that one is too old', async () => {
    const folder = temporaryFolder();
    aProgram(join(folder, 'old', 'bin', 'java'), 'openjdk version "11.0.21"');
    aProgram(join(folder, 'new', 'bin', 'java'), 'openjdk version "21.0.2"');
    aProgram(join(folder, 'java'), 'openjdk version "17.0.15"');

    const ofHome = await findJava({ JAVA_HOME: join(folder, 'new'), PATH: folder });
    const ofPath = await findJava({ JAVA_HOME: join(folder, 'old'), PATH: folder });

    expect(ofHome).toMatchObject({ ok: true, version: '21' });
    expect(ofPath).toMatchObject({ ok: true, version: '17', path: join(folder, 'java') });
  });
});

describe('findMaven', () => {
  it('says what to install or set when there is none', async () => {
    const maven = await findMaven(NOWHERE);

    expect(maven).toEqual({
      ok: false,
      problem: expect.stringMatching(/no Maven \(mvn\) on PATH.*install.*KAFKA_BOOTSTRAP_SERVERS/),
    });
  });

  it('says so when the one there does not run', async () => {
    const folder = temporaryFolder();
    aProgram(join(folder, 'mvn'), 'JAVA_HOME is not defined correctly', 1);

    const maven = await findMaven({ PATH: folder });

    expect(maven).toMatchObject({
      ok: false,
      problem: expect.stringContaining('does not run (JAVA_HOME is not defined'),
    });
  });

  it('reads the version through the colours of a terminal', async () => {
    const folder = temporaryFolder();
    aProgram(join(folder, 'mvn'), '\x1b[1mApache Maven 3.8.7\x1b[m');

    expect(await findMaven({ PATH: folder })).toMatchObject({ ok: true, version: '3.8.7' });
  });
});
