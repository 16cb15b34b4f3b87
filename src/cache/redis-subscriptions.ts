import type { Redis } from 'ioredis';
import { messageOf } from '../platform/errors';
import type { Log } from '../platform/log';

type Listener = (text: string) => void;

/** Listeners by channel, on a connection of their own, for as long as they are not ended: a connection that comes back subscribes again. */
export interface Subscriptions {
  /** Resolves when the cache confirmed it, or, while the cache is away, at once: the listener then waits for it. Returns the way to end it. */
  listen(channel: string, listener: Listener): Promise<() => Promise<void>>;
}

export function openSubscriptions(redis: Redis, log: Log): Subscriptions {
  const listeners = new Map<string, Set<Listener>>();
  const tell = (action: 'subscribe' | 'unsubscribe', channel: string) =>
    redis.status === 'ready'
      ? redis[action](channel).then(
          () => undefined,
          (error: unknown) => log.warn({ channel, error: messageOf(error) }, `${action} failed`),
        )
      : Promise.resolve();

  redis.on('ready', () => {
    for (const channel of listeners.keys()) void tell('subscribe', channel);
  });
  redis.on('message', (channel: string, text: string) => {
    for (const listener of listeners.get(channel) ?? []) listener(text);
  });

  return {
    async listen(channel, listener) {
      const known = listeners.get(channel) ?? new Set();
      listeners.set(channel, known.add(listener));
      await tell('subscribe', channel);
      return async () => {
        known.delete(listener);
        if (known.size > 0 || listeners.get(channel) !== known) return;
        listeners.delete(channel);
        await tell('unsubscribe', channel);
      };
    },
  };
}
