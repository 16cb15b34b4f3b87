import { type ApiStandIn, openApiStandIn } from './api-stand-in';
import { runCommand } from './run-command';

const ITEM = {
  news_id: 'n',
  symbol: 'AAPL',
  headline: 'A headline\u001b[2J',
  summary: null,
  url: 'https://news.example/a',
  source: 'fixture',
  published_at: '2026-01-05T15:00:00.000Z',
};

let api: ApiStandIn;

beforeEach(async () => {
  api = await openApiStandIn();
});

afterEach(() => api.close());

const news = (...argv: string[]) => runCommand(['news', ...argv, '--api', api.url]);

test('headlines come newest first with their address, and cannot drive the terminal', async () => {
  api.answer(200, { news: [ITEM], next_cursor: 'older' });

  const { exitCode, stdout } = await news('aapl', 'MSFT', '--limit', '5');

  expect(exitCode).toBe(0);
  expect(api.seen[0]?.url).toBe('/news?symbols=AAPL%2CMSFT&limit=5');
  expect(stdout).toBe(
    '2026-01-05T15:00:00Z  AAPL  A headline\\x1b[2J\n  https://news.example/a (fixture)\n\nolder ones: --cursor older\n',
  );
});

test('without symbols it asks for all, and says when there are none', async () => {
  api.answer(200, { news: [], next_cursor: null });

  const { stdout } = await news();

  expect(api.seen[0]?.url).toBe('/news?limit=20');
  expect(stdout).toBe('no news\n');
});

test('--json prints the document of the API', async () => {
  api.answer(200, { news: [ITEM], next_cursor: null });

  expect(JSON.parse((await news('--json')).stdout)).toEqual({ news: [ITEM], next_cursor: null });
});
