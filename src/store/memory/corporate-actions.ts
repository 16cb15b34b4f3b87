import type { CorporateAction } from '../../domain/corporate-action';
import type { CorporateActions } from '../history-store';

/** `corporate_actions` in memory. */
export function openMemoryCorporateActions(): CorporateActions {
  const stored = new Map<string, CorporateAction>();
  const write = (action: CorporateAction) => {
    const known = stored.get(nameOf(action));
    if (known && isSameAction(known, action)) return 'unchanged';
    stored.set(nameOf(action), { ...action });
    return known ? 'corrected' : 'written';
  };

  return {
    async save(actions) {
      const counts = { written: 0, unchanged: 0, corrected: 0 };
      for (const action of actions) counts[write(action)] += 1;
      return counts;
    },
    list: async ({ symbol, source, start, end }) =>
      [...stored.values()]
        .filter((action) => action.symbol === symbol && (source ?? action.source) === action.source)
        .filter(({ exDate }) => (start ?? exDate) <= exDate && exDate <= (end ?? exDate))
        .sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1)),
  };
}

function nameOf({ symbol, kind, exDate, source }: CorporateAction): string {
  return [symbol, kind, exDate, source].join(' ');
}

function sortKey({ exDate, kind, source }: CorporateAction): string {
  return [exDate, kind, source].join(' ');
}

function isSameAction(a: CorporateAction, b: CorporateAction): boolean {
  return a.amount === b.amount && a.currency === b.currency && a.ratio === b.ratio && a.successor === b.successor;
}
