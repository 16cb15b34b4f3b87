import type { Redis } from 'ioredis';
import { messageOf } from '../platform/errors';
import type { Log } from '../platform/log';

type Listener = (text: string) => void;
type Watcher = (state: 'lost' | 'restored') => void;

/** Listeners by channel, on a connection of their own, for as long as they are not ended: a connection that comes back subscribes again. */
export interface Subscriptions {
  /** Resolves when the cache confirmed it, or, while the cache is away, at once: the listener then waits for it. Returns the way to end it. */
  listen(channel: string, listener: Listener): Promise<() => Promise<void>>;
  /** Calls back when the connection is lost, and when every channel is subscribed again. */
  watch(watcher: Watcher): () => void;
}

export function openSubscriptions(redis: Redis, log: Log): Subscriptions {
  const listeners = new Map<string, Set<Listener>>();
  const watchers = new Set<Watcher>();
  let connection = 0;
  const tell = async (action: 'subscribe' | 'unsubscribe', channel: string) => {
    if (redis.status !== 'ready') return;
    const asked = connection;
    try {
      await redis[action](channel);
    } catch (error) {
      log.warn({ channel, error: messageOf(error) }, `${action} failed`);
      // A channel that is not subscribed would be silent for good: a new connection subscribes them all.
      if (action === 'subscribe' && asked === connection && redis.status === 'ready') redis.disconnect(true);
    }
  };
  const begin = async () => {
    connection += 1;
    const begun = connection;
    await Promise.all([...listeners.keys()].map((channel) => tell('subscribe', channel)));
    if (begun === connection && redis.status === 'ready') for (const watcher of watchers) watcher('restored');
  };

  redis.on('ready', () => void begin());
  redis.on('close', () => {
    connection += 1;
    for (const watcher of watchers) watcher('lost');
  });
  redis.on('message', (channel: string, text: string) => {
    for (const listener of listeners.get(channel) ?? []) listener(text);
  });

  return {
    watch(watcher) {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
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
