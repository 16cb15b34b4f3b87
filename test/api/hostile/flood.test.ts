import { get } from 'node:http';
import { HTTP_LIMITS } from '../../../src/api/http-limits';
import { eventually } from '../../support/eventually';
import { retainedBytes } from '../../support/retained-memory';
import { aRequest, exchange, open, type RawConnection, serve, statusesOf, stopServed } from './raw-client';

const flood: RawConnection[] = [];

afterEach(async () => {
  for (const { socket } of flood.splice(0)) socket.destroy();
  await stopServed();
});

// Only Linux has more than one address on the loopback interface.
const testOnLinux = process.platform === 'linux' ? test : test.skip;

testOnLinux(
  'of ten thousand connections from one address the first are kept and the others told no, others are answered, and nothing of them stays',
  async () => {
    const { port, url } = await serve({ headersTimeoutMs: 60_000, requestTimeoutMs: 60_000 });
    const before = retainedBytes();
    let refused = 0;

    for (let wave = 0; wave < 25; wave += 1) {
      const some = Array.from({ length: 400 }, () => open(port));
      for (const connection of some)
        void connection.ended.then((text) => (refused += /^HTTP\/1\.1 503 /.test(text) ? 1 : 0));
      flood.push(...some);
      await eventually(() => some.every(({ socket }) => !socket.connecting), 20_000, 5);
      await eventually(() => flood.length - refused <= HTTP_LIMITS.connectionsPerAddress, 20_000, 5);
    }
    const kept = flood.filter(({ socket }) => socket.readyState === 'open').length;
    const other = await fetchFrom('127.0.0.2', `${url}/healthz`);
    const grownMb = (retainedBytes() - before) / 2 ** 20;
    const count = flood.length;
    for (const { socket } of flood.splice(0)) socket.destroy();
    const afterwards = await eventually(
      async () => statusesOf(await exchange(port, aRequest('GET /healthz')))[0] === 200,
    );

    expect(count).toBe(10_000);
    expect(kept).toBe(HTTP_LIMITS.connectionsPerAddress);
    expect(refused).toBe(10_000 - HTTP_LIMITS.connectionsPerAddress);
    expect(other).toBe(200);
    expect(grownMb).toBeLessThan(60);
    expect(afterwards).toBe(true);
  },
  60_000,
);

/** The status of a request that comes from another address of this machine. */
function fetchFrom(localAddress: string, url: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get(url, { localAddress, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on('error', reject);
  });
}
