import { createServer } from 'node:http';
import Redis from 'ioredis';

/**
 * The least a server can do for `GET /prices/latest`: no framework, one GET in Redis, the body as it is. Runs as a process of its own:
 * `REDIS_URL PORT` as arguments; prints `ready`.
 */
const [, , redisUrl = '', port = '0'] = process.argv;
const redis = new Redis(redisUrl);
const server = createServer((request, response) => {
  const query = new URLSearchParams(request.url?.slice(request.url.indexOf('?') + 1 || 0));
  redis.get(`latest_price_${query.get('symbol')}_${query.get('provider')}`).then(
    (body) => response.writeHead(body ? 200 : 404, { 'content-type': 'application/json' }).end(body ?? '{}'),
    () => response.writeHead(500).end(),
  );
});
server.listen(Number(port), '127.0.0.1', () => console.log('ready'));
process.on('SIGTERM', () => process.exit(0));
