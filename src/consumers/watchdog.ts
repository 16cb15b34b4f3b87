import { type Clock, systemClock } from '../platform/clock';
import { TickwireError } from '../platform/errors';
import type { Service } from '../platform/service';

/** What the watchdog sees of a running consumer. */
export interface WatchedConsumer {
  readonly name: string;
  /** Epoch milliseconds, as of the running subscription. */
  lastSignOfLifeMs(): number;
  /** As of `reliably`: what the consumer is at, since when in epoch milliseconds. Retrying is alive. */
  status(): { readonly state: 'idle' | 'handling' | 'retrying'; readonly sinceMs: number };
}

export interface WatchdogOptions {
  /** Asked at every check, as consumers come while it already runs. */
  consumers(): readonly WatchedConsumer[];
  /** Told once, with CONSUMER_STUCK. */
  fatal(error: TickwireError): void;
  readonly clock?: Clock;
  /** A consumer whose bus shows no sign of life for so long is dead. */
  readonly staleAfterMs?: number;
  /** A consumer with one handler call that runs for so long is stuck. */
  readonly stuckAfterMs?: number;
}

const CHECK_EVERY_MS = 1_000;
const DEFAULT_LIMIT_MS = 60_000;

/** Ends the process of a consumer that no longer works but has not crashed: what restarts processes then starts it afresh. */
export function openWatchdog(options: WatchdogOptions): Service {
  const { consumers, fatal, clock = systemClock } = options;
  const limits = {
    staleAfterMs: options.staleAfterMs ?? DEFAULT_LIMIT_MS,
    stuckAfterMs: options.stuckAfterMs ?? DEFAULT_LIMIT_MS,
  };
  let timer: NodeJS.Timeout | undefined;
  const stop = () => clearInterval(timer);
  const check = () => {
    const faults = consumers().flatMap((consumer) => faultOf(consumer, clock().getTime(), limits) ?? []);
    if (faults.length === 0) return;
    stop();
    fatal(new TickwireError('CONSUMER_STUCK', faults.join('; ')));
  };
  return {
    name: 'watchdog',
    start: async () => {
      timer = setInterval(check, CHECK_EVERY_MS);
    },
    stop: async () => stop(),
  };
}

function faultOf(
  consumer: WatchedConsumer,
  nowMs: number,
  { staleAfterMs, stuckAfterMs }: { staleAfterMs: number; stuckAfterMs: number },
): string | undefined {
  const silentMs = nowMs - consumer.lastSignOfLifeMs();
  if (silentMs > staleAfterMs) {
    return `consumer ${consumer.name}: no sign of life from the bus for ${silentMs} ms, expected one within ${staleAfterMs} ms`;
  }
  const { state, sinceMs } = consumer.status();
  const handlingMs = state === 'handling' ? nowMs - sinceMs : 0;
  if (handlingMs <= stuckAfterMs) return undefined;
  return `consumer ${consumer.name}: one batch has been handled for ${handlingMs} ms, expected at most ${stuckAfterMs} ms`;
}
