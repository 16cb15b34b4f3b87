import { z } from 'zod';
import { eventStream } from '../event-stream';
import { symbolListField, ticketField } from '../request-fields';
import { defineRoute } from '../route';

const lastEventIdField = z
  .string()
  .regex(/^\d{1,16}$/, 'expected the id of an event of this stream')
  .transform(Number)
  .meta({ type: 'string', description: 'The id of the last event the client has: it is told what came after it' });

const streamPrices = defineRoute({
  method: 'get',
  path: '/prices/stream',
  access: 'prices:read',
  takesTickets: true,
  tag: 'prices',
  summary: 'Prices as they change, as server-sent events',
  description:
    'Events `snapshot` and then `diff`, `data` as on the socket `/ws/prices`, `id` the sequence. With `Last-Event-ID` it begins with `resumed` and what was missed, or ' +
    'with a snapshot whose `reason` is `resume_expired`. `status` says when prices are stale and when they are live again.',
  request: {
    query: z.strictObject({
      symbols: symbolListField.optional().meta({
        type: 'string',
        description: 'Symbols separated by commas; all when left out',
        example: 'AAPL,MSFT',
      }),
      ticket: ticketField.optional(),
    }),
    headers: z.object({ 'last-event-id': lastEventIdField.optional() }),
  },
  answers: { 200: { description: 'The events', content: { 'text/event-stream': { schema: z.string() } } } },
  problems: ['INVALID_INPUT', 'LIVE_FULL'],
  handle: async ({ query, headers }, { live }, { signal, address }) =>
    eventStream(
      await live.openStream({
        symbols: query.symbols ?? null,
        lastSequence: headers['last-event-id'],
        address,
        signal,
      }),
    ),
});

export const streamRoutes = [streamPrices];
