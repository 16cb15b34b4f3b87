import { openMemoryStore } from '../../src/store/memory';
import { environmentOf, json, startEodhd } from '../providers/eodhd-stand-in';
import type { VendorStandIn } from '../providers/vendor-stand-in';
import { runCommand } from './run-command';

const BERKSHIRE = { Code: 'BRK-B', Exchange: 'US', Name: 'Berkshire Hathaway Inc' };

let vendor: VendorStandIn | undefined;

afterEach(async () => {
  await vendor?.stop();
  vendor = undefined;
});

async function setUp(found: readonly object[]) {
  vendor = await startEodhd({ search: json(found), 'exchange-symbol-list': json(found) });
  const environment = { ...environmentOf(vendor), FINNHUB_API_KEY: 'a-key' } as Record<string, string>;
  const store = openMemoryStore();
  const load = (...argv: string[]) => runCommand(['symbols', 'load', ...argv], { openStore: () => store, environment });
  return { store, load };
}

it('keeps how the vendor spells what was found, so that the instrument is found by it', async () => {
  const { store, load } = await setUp([BERKSHIRE]);

  const { exitCode, stdout } = await load('eodhd', 'Berkshire');
  const again = await load('eodhd', 'exchange:us', '--json');

  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^BRK\.B +BRK-B\.US +Berkshire Hathaway Inc$/m);
  expect(stdout).toMatch(/^1 symbol kept$/m);
  expect(JSON.parse(again.stdout)).toEqual({
    provider: 'eodhd',
    symbols: [{ symbol: 'BRK.B', spelling: 'BRK-B.US', name: 'Berkshire Hathaway Inc' }],
  });
  expect(await store.instruments.find('BRK-B.US')).toMatchObject({ symbol: 'BRK.B' });
});

it('says when nothing matches', async () => {
  const { load } = await setUp([]);

  expect((await load('eodhd', 'nothing')).stdout).toBe('eodhd knows nothing that matches nothing\n');
});

it('refuses a provider that lists no symbols', async () => {
  const { load } = await setUp([]);

  const { exitCode, stderr } = await load('finnhub', 'AAPL');

  expect(exitCode).toBe(1);
  expect(stderr).toBe('error: provider: expected one that lists symbols, got finnhub\n');
});
