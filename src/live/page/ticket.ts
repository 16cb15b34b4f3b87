import { heldKey } from './access';
import { ask } from './api';

/**
 * The address of a socket or a stream of events, with a ticket where this tab has a key: a browser sends no header with them, and a key belongs in no address.
 * A ticket is good once and soon, so each attempt needs one of its own. @throws Refusal.
 */
export async function ticketed(url: URL): Promise<string> {
  if (heldKey() === undefined) return url.href;
  const { ticket } = await ask<{ ticket: string }>('POST', '/api/v1/tickets');
  const admitted = new URL(url);
  admitted.searchParams.set('ticket', ticket);
  return admitted.href;
}
