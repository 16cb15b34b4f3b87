import { openMemoryCache } from '../../src/cache/memory';
import { describeCache } from '../contract/cache.contract';

let nowMs = Date.parse('2026-02-03T04:05:06.789Z');
const cache = openMemoryCache({ ttlSeconds: 300, defaultProvider: 'fixture', clock: () => new Date(nowMs) });

describeCache(() => ({
  cache,
  passTime: async (seconds) => {
    nowMs += seconds * 1000;
  },
  publishTickerUpdate: async (text) => cache.publishTickerUpdate(text),
}));
