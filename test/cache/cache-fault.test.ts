import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { cacheHintOf } from '../../src/cache/cache-fault';
import { openRedisCache } from '../../src/cache/redis';
import { silentLog } from '../../src/platform/log';

/** A server that says `answer` to whatever it hears. */
async function sayingAlways(answer: Buffer): Promise<{ server: Server; url: string }> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(answer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return { server, url: `redis://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}` };
}

test('plain text that is answered by an alert of TLS ends the start of the cache with a sentence, and is not tried again', async () => {
  const { server, url } = await sayingAlways(Buffer.from([0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x46]));
  const cache = openRedisCache({ url, ttlSeconds: 1, defaultProvider: 'fixture', log: silentLog });

  await expect(cache.start()).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringMatching(/speaks TLS on this port.*rediss/),
  });

  // It closes when nobody is connected any more.
  server.close();
  await once(server, 'close');
  await cache.stop();
});

test.each([
  ['rediss://cache', 'ETIMEDOUT', /does this port speak TLS/],
  ['redis://cache', 'ECONNRESET', /does this port want TLS/],
  ['redis://cache', 'ECONNREFUSED', /^lost$/],
  ['redis://cache', 'ETIMEDOUT', /^lost$/],
  ['rediss://cache', 'ECONNRESET', /^lost$/],
])('%s with %s', (url, code, hint) => {
  expect(cacheHintOf(Object.assign(new Error('lost'), { code }), url)).toMatch(hint);
});
