import { latestBodyOf } from '../cache/cache';
import { parseInstant } from '../domain/instant';
import type { PriceEvent } from '../domain/price-event';

export type PriceSource = 'cache' | 'database' | 'provider';

/** A price that may be served: its body as JSON text, and the two clocks in it. */
export interface Candidate {
  readonly body: string;
  readonly source: PriceSource;
  /** Market time, epoch milliseconds. */
  readonly observedAtMs: number;
  /** When the provider last confirmed it, epoch milliseconds. */
  readonly confirmedAtMs: number;
}

/** A candidate from the cache's text, which is not parsed; undefined for text that is no body of a latest price. */
export function candidateOfBody(body: string): Candidate | undefined {
  const observedAtMs = instantIn(body, TIMESTAMP);
  const confirmedAtMs = instantIn(body, FETCHED_AT);
  if (Number.isNaN(observedAtMs) || Number.isNaN(confirmedAtMs) || !body.endsWith('}')) return undefined;
  return { body, source: 'cache', observedAtMs, confirmedAtMs };
}

/** A candidate from an event. */
export function candidateOfEvent(event: PriceEvent, source: PriceSource): Candidate {
  return {
    body: JSON.stringify(latestBodyOf(event)),
    source,
    observedAtMs: event.observedAt.getTime(),
    confirmedAtMs: event.fetchedAt.getTime(),
  };
}

/** True while nothing newer need be looked for: the price is within `maxAgeMs`, or its provider confirmed it within that time (a closed market). */
export function isServable(candidate: Candidate, nowMs: number, maxAgeMs: number): boolean {
  return nowMs - candidate.observedAtMs <= maxAgeMs || nowMs - candidate.confirmedAtMs <= maxAgeMs;
}

/** The answer as JSON text: the body, then what depends on the moment. A price older than `maxAgeMs` is `stale`, whoever confirmed it. */
export function servedText({ body, source, observedAtMs }: Candidate, nowMs: number, maxAgeMs: number): string {
  const ageMs = Math.max(0, nowMs - observedAtMs);
  return `${body.slice(0, -1)},"age_ms":${ageMs},"stale":${ageMs > maxAgeMs},"source":"${source}"}`;
}

const TIMESTAMP = '"timestamp":"';
const FETCHED_AT = '"fetched_at":"';
const INSTANT_LENGTH = '2026-01-05T15:00:00.000Z'.length;

/** The instant behind `label`. Quotes inside a JSON text are escaped, so the label cannot be part of a value. */
function instantIn(body: string, label: string): number {
  const start = body.indexOf(label) + label.length;
  return start < label.length ? Number.NaN : parseInstant(body.slice(start, start + INSTANT_LENGTH));
}
