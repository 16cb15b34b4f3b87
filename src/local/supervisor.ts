import { pause } from '../platform/clock';
import { messageOf, TickwireError } from '../platform/errors';
import type { Service } from '../platform/service';

/** A service that can die by itself. */
export interface Mortal extends Service {
  onDeath(listener: (reason: string) => void): void;
}

export interface SupervisorOptions {
  /** Told each death and each return in one sentence. */
  readonly note: (sentence: string) => void;
  /** Told once, when a child dies too often: everything is to be stopped. */
  readonly giveUp: (error: TickwireError) => void;
  /** Awaited before a child is started again, so that it does not die of what it needs. */
  readonly whatTheyNeed?: Supervisor;
  /** A child that dies this often within `withinMs` is given up. */
  readonly maxDeaths?: number;
  readonly withinMs?: number;
  /** Doubled with each death within `withinMs`. */
  readonly firstPauseMs?: number;
}

/** Starts children again when they die, after a pause that doubles, until one dies too often. */
export class Supervisor {
  private readonly children: Mortal[] = [];
  private readonly deaths = new Map<Mortal, number[]>();
  private readonly revivals = new Set<Promise<void>>();
  private readonly stopping = new AbortController();
  private readonly options: Required<Omit<SupervisorOptions, 'whatTheyNeed'>>;
  private readonly needed: Supervisor | undefined;

  constructor({ whatTheyNeed, ...options }: SupervisorOptions) {
    this.options = { maxDeaths: 5, withinMs: 60_000, firstPauseMs: 500, ...options };
    this.needed = whatTheyNeed;
  }

  /** Starts a child and keeps it running from then on. Rejects when this first start fails. */
  async keep(child: Mortal): Promise<void> {
    if (this.stopping.signal.aborted) throw new TickwireError('ENGINE_UNAVAILABLE', `${child.name}: stopping`);
    this.children.push(child);
    child.onDeath((reason) => this.revive(child, reason));
    await child.start();
  }

  /** Resolves when no child is waiting for its return. */
  async whenAllUp(): Promise<void> {
    while (this.revivals.size > 0) await Promise.all(this.revivals);
  }

  /** Stops all children at once, and restarts none. Safe twice. */
  async stop(): Promise<void> {
    this.stopping.abort();
    const stops = await Promise.allSettled(this.children.map((child) => child.stop()));
    await this.whenAllUp();
    const failed = stops.find((stop) => stop.status === 'rejected');
    if (failed) throw failed.reason;
  }

  private revive(child: Mortal, reason: string): void {
    const revival = this.startAgain(child, reason).finally(() => this.revivals.delete(revival));
    this.revivals.add(revival);
  }

  private async startAgain(child: Mortal, firstReason: string): Promise<void> {
    const { signal } = this.stopping;
    let reason: string | undefined = firstReason;
    while (reason !== undefined && !signal.aborted) {
      const pauseMs = this.pauseAfterDeath(child);
      if (pauseMs === undefined) return this.options.giveUp(this.diedTooOften(child, reason));
      this.options.note(`${child.name} ${reason}; starting it again in ${pauseMs} ms`);
      await pause(pauseMs, signal);
      await this.needed?.whenAllUp();
      if (signal.aborted) return;
      reason = await child.start().then(() => undefined, messageOf);
      if (reason === undefined) this.options.note(`${child.name} is back`);
    }
  }

  /** Undefined when the limit is reached. */
  private pauseAfterDeath(child: Mortal): number | undefined {
    const { maxDeaths, withinMs, firstPauseMs } = this.options;
    const now = Date.now();
    const recent = [...(this.deaths.get(child) ?? []).filter((at) => now - at < withinMs), now];
    this.deaths.set(child, recent);
    return recent.length >= maxDeaths ? undefined : firstPauseMs * 2 ** (recent.length - 1);
  }

  private diedTooOften(child: Mortal, reason: string): TickwireError {
    const { maxDeaths, withinMs } = this.options;
    return new TickwireError(
      'ENGINE_UNAVAILABLE',
      `${child.name} ended ${maxDeaths} times within ${withinMs / 1000} s, the last time it ${reason}: giving up`,
    );
  }
}
