import { statSync, writeFileSync } from 'node:fs';
import { addressesFile, removeAddresses, writeAddresses } from '../../src/local/addresses';
import { readConfigured, readEnvironment } from '../../src/platform/environment';
import { temporaryFolder } from '../support/temporary-folder';

describe('the addresses file', () => {
  const home = temporaryFolder();
  const before = process.env.TICKWIRE_HOME;

  beforeAll(() => {
    process.env.TICKWIRE_HOME = home;
  });
  afterAll(() => {
    if (before === undefined) delete process.env.TICKWIRE_HOME;
    else process.env.TICKWIRE_HOME = before;
  });

  it('is read by other commands, but not by the start itself', () => {
    writeAddresses(home, { KAFKA_BOOTSTRAP_SERVERS: '127.0.0.1:29092', PORT: '8001' });

    expect(readEnvironment(home).KAFKA_BOOTSTRAP_SERVERS).toBe('127.0.0.1:29092');
    expect(readConfigured(home).KAFKA_BOOTSTRAP_SERVERS).toBeUndefined();
  });

  it('can be read by its owner only, even where an earlier one was open', () => {
    writeFileSync(addressesFile(home), '', { mode: 0o644 });

    writeAddresses(home, { DATABASE_URL: 'postgresql://postgres:secret@127.0.0.1:1/postgres' });

    expect(statSync(addressesFile(home)).mode & 0o777).toBe(0o600);
  });

  it('is gone after a stop', () => {
    removeAddresses(home);

    expect(readEnvironment(home).DATABASE_URL).toBeUndefined();
  });
});
