import { openMemoryStore } from '../../src/store/memory';
import { describeStore } from '../contract/store.contract';

let nowMs = Date.parse('2026-02-03T04:05:06.789Z');
const store = openMemoryStore({ clock: () => new Date(nowMs) });

describeStore(() => ({
  store,
  passTime: async (seconds) => {
    nowMs += seconds * 1000;
  },
}));
