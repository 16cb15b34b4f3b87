import type { Environment } from '../platform/environment';

const EVERY_MS = 1_000;

/**
 * Calls back when this process was started by npm and npm's shell is gone: npm passes a SIGTERM to its shell only, which ends without telling its child.
 * Returns the way to end it.
 */
export function watchNpm({ npm_lifecycle_event: event }: Environment, gone: () => void): () => void {
  if (event === undefined) return () => undefined;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    gone();
  }, EVERY_MS);
  return () => clearInterval(timer);
}
