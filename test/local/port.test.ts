import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { findFreePort, findNextFreePort, holderOf, isPortFree, rememberedPorts } from '../../src/local/port';
import { readConfigured } from '../../src/platform/environment';
import { temporaryFolder } from '../support/temporary-folder';

const servers: Server[] = [];

async function occupy(port: number): Promise<void> {
  const server = createServer();
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

describe('ports', () => {
  it('of engines are below the ports the system gives to outgoing connections', async () => {
    const port = await findFreePort();

    expect(port).toBeGreaterThanOrEqual(20_000);
    expect(port).toBeLessThan(32_000);
    expect(await isPortFree(port)).toBe(true);
  });

  it('stay the same from one start to the next', async () => {
    const file = join(temporaryFolder(), 'ports', 'kafka');

    const first = await rememberedPorts(file, 2);

    expect(new Set(first).size).toBe(2);
    expect(await rememberedPorts(file, 2)).toEqual(first);
  });

  it('are chosen anew, and remembered, when one of them was taken meanwhile', async () => {
    const file = join(temporaryFolder(), 'ports', 'kafka');
    const [first = 0] = await rememberedPorts(file, 2);
    await occupy(first);

    const second = await rememberedPorts(file, 2);

    expect(second).not.toContain(first);
    expect(readFileSync(file, 'utf8').trim()).toBe(second.join(' '));
  });

  it('in use are passed over for the next free one', async () => {
    const port = await findFreePort();
    await occupy(port);

    expect(await findNextFreePort(port, '127.0.0.1')).toBeGreaterThan(port);
  });

  it('in use name their holder, where the system has a program that tells', async () => {
    const port = await findFreePort();
    await occupy(port);

    const holder = await holderOf(port, readConfigured());

    expect(holder ?? `(pid ${process.pid})`).toContain(`(pid ${process.pid})`);
  });
});
