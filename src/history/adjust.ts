import type { Bar } from '../domain/bar';
import type { CorporateAction } from '../domain/corporate-action';

/** `raw` as traded; `split` on today's share count; `all` also with dividends reinvested. */
export const ADJUSTMENTS = ['raw', 'split', 'all'] as const;
export type Adjustment = (typeof ADJUSTMENTS)[number];

/** What one ex-date does to everything before it. */
export interface AdjustmentStep {
  /** Start of the ex-date: bars that start before it are adjusted. */
  readonly exAt: Date;
  /** Prices are divided and volumes multiplied by it: new shares for each old one; 1 where there is no split. */
  readonly shares: number;
  /** Prices are multiplied by it: what the dividends leave of the price; 1 where there is none. */
  readonly kept: number;
}

/** An action that could not be taken into account, and why. */
export interface UnappliedAction {
  readonly action: CorporateAction;
  readonly reason: string;
}

export interface AdjustmentPlan {
  /** By ex-date, at most one each. */
  readonly steps: readonly AdjustmentStep[];
  readonly unapplied: readonly UnappliedAction[];
}

interface PlanInput {
  readonly adjustment: Adjustment;
  /** Of one instrument, each action once: {@link chooseActions}. */
  readonly actions: readonly CorporateAction[];
  /** The first instant of a day. */
  exAtOf(exDate: string): Date;
  /** The unadjusted close of the session before a day; undefined where there is none. Asked for dividends only. */
  closeBefore(exDate: string): number | undefined;
}

/**
 * The steps that adjust a series. A split of ratio r divides what lies before it by r. A dividend D multiplies it by 1 − D / C, C being the close of the
 * session before the ex-date (the factor of CRSP and Yahoo); on the day of a split, D is paid on the new shares, so C is divided by r first. A dividend
 * without an earlier close has nothing before it to adjust. Mergers change no price.
 */
export function planAdjustment({ adjustment, actions, exAtOf, closeBefore }: PlanInput): AdjustmentPlan {
  if (adjustment === 'raw') return { steps: [], unapplied: [] };
  const unapplied: UnappliedAction[] = [];
  const exDates = [...new Set(actions.map(({ exDate }) => exDate))].sort();
  const steps = exDates.flatMap((exDate) => {
    const onDay = actions.filter((action) => action.exDate === exDate);
    const shares = sharesOf(onDay, unapplied);
    const kept = adjustment === 'all' ? keptOf(onDay, { shares, closeBefore, unapplied }) : 1;
    return shares === 1 && kept === 1 ? [] : [{ exAt: exAtOf(exDate), shares, kept }];
  });
  return { steps, unapplied };
}

/** A bar as it looks after the steps behind it. The stored bar stays as it is; an adjusted one must not be given here again. */
export function adjustBar(bar: Bar, steps: readonly AdjustmentStep[]): Bar {
  let [shares, kept] = [1, 1];
  for (const step of steps) {
    if (step.exAt <= bar.startAt) continue;
    shares *= step.shares;
    kept *= step.kept;
  }
  if (shares === 1 && kept === 1) return bar;
  const price = (value: number) => (value / shares) * kept;
  return {
    ...bar,
    open: price(bar.open),
    high: price(bar.high),
    low: price(bar.low),
    close: price(bar.close),
    volume: bar.volume === null ? null : bar.volume * shares,
  };
}

/**
 * Of actions that several sources tell, one source's, for each kind by itself: the source of the bars where it tells any, else the one that tells most,
 * of equals the first by name. So no action counts twice, also where two sources date it differently.
 */
export function chooseActions(actions: readonly CorporateAction[], barSource: string): readonly CorporateAction[] {
  const kinds = [...new Set(actions.map(({ kind }) => kind))];
  return kinds.flatMap((kind) => {
    const ofKind = actions.filter((action) => action.kind === kind);
    const source = preferredSource(ofKind, barSource);
    return ofKind.filter((action) => action.source === source);
  });
}

function preferredSource(actions: readonly CorporateAction[], barSource: string): string {
  const counts = new Map<string, number>();
  for (const { source } of actions) counts.set(source, (counts.get(source) ?? 0) + 1);
  if (counts.has(barSource)) return barSource;
  const [first] = [...counts].sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1));
  return first?.[0] ?? barSource;
}

function sharesOf(actions: readonly CorporateAction[], unapplied: UnappliedAction[]): number {
  let shares = 1;
  for (const action of actions) {
    if (action.kind !== 'split') continue;
    if (action.ratio !== null && action.ratio > 0 && Number.isFinite(action.ratio)) shares *= action.ratio;
    else unapplied.push({ action, reason: `ratio: expected a number above zero, got ${action.ratio}` });
  }
  return shares;
}

function keptOf(
  actions: readonly CorporateAction[],
  { shares, closeBefore, unapplied }: Pick<PlanInput, 'closeBefore'> & { shares: number; unapplied: UnappliedAction[] },
): number {
  let kept = 1;
  for (const action of actions) {
    const close = action.kind === 'dividend' ? closeBefore(action.exDate) : undefined;
    if (close === undefined) continue;
    const amount = action.amount ?? Number.NaN;
    const factor = 1 - amount / (close / shares);
    if (factor > 0 && factor <= 1) kept *= factor;
    else
      unapplied.push({
        action,
        reason: `amount: expected at least 0 and below the close ${close}, got ${action.amount}`,
      });
  }
  return kept;
}
