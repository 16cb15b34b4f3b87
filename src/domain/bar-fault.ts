import { assetClassOf, type QuarantineReason, type RawBar } from './bar';
import { CALENDAR_SINCE, sessionDateOf, sessionOf } from './market-calendar';
import { mayTradeBelowZero } from './price-event';
import { tradesInNewYork } from './trades-in-new-york';

/** Why a bar is not believed. */
export interface BarFault {
  readonly reason: QuarantineReason;
  /** What, expected, got. */
  readonly detail: string;
}

const PRICES = ['open', 'high', 'low', 'close'] as const;

/** The first rule that a bar breaks by itself; undefined when it keeps them all. */
export function barFaultOf(bar: RawBar): BarFault | undefined {
  return numberFaultOf(bar) ?? rangeFaultOf(bar) ?? volumeFaultOf(bar) ?? sessionFaultOf(bar);
}

function numberFaultOf(bar: RawBar): BarFault | undefined {
  for (const name of PRICES) {
    const value = bar[name];
    if (!Number.isFinite(value)) return { reason: 'NOT_A_NUMBER', detail: `${name}: expected a number, got ${value}` };
    if (value <= 0 && !mayTradeBelowZero(bar.symbol)) {
      return { reason: 'PRICE_NOT_POSITIVE', detail: `${name}: expected a price above zero, got ${value}` };
    }
  }
  return undefined;
}

function rangeFaultOf({ open, high, low, close }: RawBar): BarFault | undefined {
  if (high < low) return { reason: 'HIGH_BELOW_LOW', detail: `high: expected at least the low ${low}, got ${high}` };
  if (open < low || open > high) return outside('open', open, [low, high]);
  if (close < low || close > high) return outside('close', close, [low, high]);
  return undefined;
}

function outside(name: string, value: number, [low, high]: readonly [number, number]): BarFault {
  return { reason: 'OUTSIDE_RANGE', detail: `${name}: expected from the low ${low} to the high ${high}, got ${value}` };
}

function volumeFaultOf({ volume }: RawBar): BarFault | undefined {
  if (volume === null) return undefined;
  if (!Number.isFinite(volume)) {
    return { reason: 'NOT_A_NUMBER', detail: `volume: expected a number, got ${volume}` };
  }
  return volume < 0 ? { reason: 'NEGATIVE_VOLUME', detail: `volume: expected at least 0, got ${volume}` } : undefined;
}

/** Only daily bars, only where the calendar is exact, and only of what trades in New York. */
function sessionFaultOf({ symbol, interval, startAt }: RawBar): BarFault | undefined {
  if (interval !== '1d' || !tradesInNewYork(symbol)) return undefined;
  const date = sessionDateOf(startAt, assetClassOf(symbol));
  if (date < CALENDAR_SINCE || sessionOf(date)) return undefined;
  return { reason: 'OUTSIDE_SESSION', detail: `date: expected a session of NYSE and Nasdaq, got ${date}` };
}
