import { PROVIDERS } from '../../src/providers';
import { fixtureBars } from '../../src/providers/fixture-bars';
import type { ProviderDefinition } from '../../src/providers/provider';
import { describeHistory, type HistoryContract } from '../contract/history.contract';
import { describeNews } from '../contract/news.contract';
import { HISTORY_DIALECTS, startHistory } from './history-stand-in';
import { aFolder } from './temporary-folder';

/** Spread over more years than any vendor tells in one page. */
const DAYS = ['2012-03-05', '2013-07-08', '2016-01-04', '2019-11-04', '2019-11-05', '2023-06-01', '2024-03-04'];
const FIXTURE_DAYS = fixtureBars()
  .filter(({ symbol }) => symbol === 'AAPL')
  .map(({ startAt }) => startAt.toISOString().slice(0, 10));
const folder = aFolder();
const lines = DAYS.map((day) => `${day},AAPL,10,12,9,11,100`);
const HISTORY_FILE = folder.write('bars.csv', ['date,symbol,open,high,low,close,volume', ...lines].join('\n'));

function secretsOf({ variables }: ProviderDefinition): Record<string, string> {
  return Object.fromEntries(variables.filter(({ secret }) => secret).map(({ name }) => [name, 'a-secret-key']));
}

function startFor(definition: ProviderDefinition): HistoryContract['start'] {
  const dialect = HISTORY_DIALECTS[definition.name];
  return async () => {
    if (!dialect) return { environment: { HISTORY_FILE }, stop: async () => undefined, requests: () => 0 };
    const { vendor, environment } = await startHistory(dialect, DAYS);
    return {
      environment: { ...environment, ...secretsOf(definition) },
      stop: () => vendor.stop(),
      requests: () => vendor.requests.length,
    };
  };
}

for (const definition of PROVIDERS) {
  const start = startFor(definition);
  const days = definition.name === 'fixture' ? FIXTURE_DAYS : DAYS;
  if (definition.openHistory) describeHistory({ definition, days, start });
  if (definition.openNews) describeNews({ definition, start });
}

test('every provider with an address and a history has a stand-in, so that no test goes to the network', () => {
  const vendors = PROVIDERS.filter(({ openHistory, openNews }) => openHistory || openNews).filter(({ variables }) =>
    variables.some(({ name }) => name.endsWith('_BASE_URL')),
  );

  expect(vendors.map(({ name }) => name).filter((name) => !HISTORY_DIALECTS[name])).toEqual([]);
});
