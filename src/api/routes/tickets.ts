import { z } from 'zod';
import { instantSchema } from '../../domain/instant';
import { json } from '../answer';
import { defineRoute } from '../route';
import { TICKET_SECONDS } from '../tickets';

const makeTicket = defineRoute({
  method: 'post',
  path: '/api/v1/tickets',
  access: 'prices:read',
  tag: 'access',
  summary: 'A ticket for a socket or an event stream, where a page cannot send a key',
  description:
    `Good once and for ${TICKET_SECONDS} seconds, as \`?ticket=\` on \`/ws/prices\`, \`/ws/news\`, \`/prices/stream\` and \`/api/v1/jobs/{job_id}/events\`; it allows what ` +
    'the key allows. Where no key is required there are tickets too, so that a client that always asks works everywhere.',
  request: {},
  answers: {
    201: {
      description: 'The ticket',
      content: { 'application/json': { schema: z.object({ ticket: z.string(), expires_at: instantSchema }) } },
    },
  },
  problems: [],
  handle: (_input, { issueTicket }, { caller }) => {
    const { ticket, expiresAt } = issueTicket(caller);
    return json({ ticket, expires_at: expiresAt.toISOString() }, 201);
  },
});

export const ticketRoutes = [makeTicket];
