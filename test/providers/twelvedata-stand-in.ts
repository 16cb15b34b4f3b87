import type { Environment } from '../../src/platform/environment';
import { openTwelveDataHistory } from '../../src/providers/twelvedata-history';
import { unguarded } from './history-pages';
import { type Reply, type SeenRequest, startVendor, type VendorStandIn } from './vendor-stand-in';

export const KEY = 'a-secret-key';
/** The clock of the sources opened here. */
export const now = new Date('2024-10-26T12:00:00.000Z');

export const json = (value: unknown): Reply => ({ body: JSON.stringify(value) });
export const anError = (code: number, message = 'no') => json({ code, message, status: 'error' });
export const NO_DATA = anError(
  400,
  'No data is available on the specified dates. Try setting different start/end dates.',
);
export const meta = { symbol: 'AAPL', interval: '1day', currency: 'USD', exchange: 'NASDAQ', type: 'Common Stock' };
export const aValue = (changes: object = {}) => ({
  datetime: '2024-03-04',
  open: '176.14999',
  high: '176.89999',
  low: '173.78999',
  close: '175.10001',
  volume: '81510100',
  ...changes,
});
export const series = (values: readonly object[], changes: object = {}) =>
  json({ meta: { ...meta, ...changes }, values, status: 'ok' });
export const NONE: Readonly<Record<string, Reply>> = {
  '/dividends': json({ meta, dividends: [] }),
  '/splits': json({ meta, splits: [] }),
};

/** A Twelve Data that answers by path; what is left out has no data. */
export function startTwelveData(
  answers: Readonly<Record<string, Reply | ((request: SeenRequest) => Reply)>>,
): Promise<VendorStandIn> {
  return startVendor((request) => {
    const reply = answers[request.path] ?? NONE[request.path] ?? NO_DATA;
    return typeof reply === 'function' ? reply(request) : reply;
  });
}

export function environmentOf({ url }: VendorStandIn): Environment {
  return { TWELVE_DATA_API_KEY: KEY, TWELVE_DATA_BASE_URL: url };
}

/** A source at a stand-in, without guards. */
export function openAt(vendor: VendorStandIn) {
  return openTwelveDataHistory(environmentOf(vendor), { call: unguarded, clock: () => now });
}
