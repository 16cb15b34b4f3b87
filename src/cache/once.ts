import type { Redis } from 'ioredis';
import { type Clock, systemClock } from '../platform/clock';
import { messageOf } from '../platform/errors';
import type { Log } from '../platform/log';

/** True for the first that takes `name`, until it is forgotten after `ttlSeconds`. */
export type TakeOnce = (name: string, ttlSeconds: number) => Promise<boolean>;

/** In this process alone. What is over is forgotten, the oldest first, as others are taken. */
export function openLocalOnce(clock: Clock = systemClock): TakeOnce {
  const takenUntilMs = new Map<string, number>();
  return async (name, ttlSeconds) => {
    const nowMs = clock().getTime();
    for (const [taken, untilMs] of takenUntilMs) {
      if (untilMs > nowMs) break;
      takenUntilMs.delete(taken);
    }
    if ((takenUntilMs.get(name) ?? 0) > nowMs) return false;
    takenUntilMs.delete(name);
    takenUntilMs.set(name, nowMs + ttlSeconds * 1000);
    return true;
  };
}

/** Over every process on the same Redis; also here first, so that what was taken while Redis was away stays taken when it is back. */
export function openSharedOnce(redis: Redis, log: Log): TakeOnce {
  const takeHere = openLocalOnce();
  return async (name, ttlSeconds) => {
    if (!(await takeHere(name, ttlSeconds))) return false;
    try {
      return (await redis.set(`once:${name}`, 1, 'EX', ttlSeconds, 'NX')) === 'OK';
    } catch (error) {
      log.debug({ error: messageOf(error) }, 'the cache is away: what is good once is good once in each process');
      return true;
    }
  };
}
