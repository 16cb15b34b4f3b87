import type { Environment } from '../../src/platform/environment';
import { openEodhdHistory } from '../../src/providers/eodhd-history';
import { unguarded } from './history-pages';
import { type Reply, type SeenRequest, startVendor, type VendorStandIn } from './vendor-stand-in';

export const KEY = 'a-secret-key';
/** The clock of the sources opened here. */
export const now = new Date('2024-10-26T12:00:00.000Z');

export const json = (value: unknown): Reply => ({ body: JSON.stringify(value) });

/** A daily bar as EODHD tells it. */
export const aDay = (changes: object = {}) => ({
  date: '2024-03-04',
  open: 176.15,
  high: 176.9,
  low: 173.79,
  close: 175.1,
  adjusted_close: 174.2,
  volume: 81510101,
  ...changes,
});

/** An EODHD that answers by endpoint (the first part of the path); what is left out has no entries. */
export function startEodhd(
  answers: Readonly<Record<string, Reply | ((request: SeenRequest) => Reply)>>,
): Promise<VendorStandIn> {
  return startVendor((request) => {
    const reply = answers[request.path.split('/')[1] ?? ''] ?? json([]);
    return typeof reply === 'function' ? reply(request) : reply;
  });
}

export function environmentOf({ url }: VendorStandIn): Environment {
  return { EODHD_API_KEY: KEY, EODHD_BASE_URL: url };
}

/** A source at a stand-in, without guards. */
export function openAt(vendor: VendorStandIn) {
  return openEodhdHistory(environmentOf(vendor), { call: unguarded, clock: () => now });
}
