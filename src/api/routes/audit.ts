import { z } from 'zod';
import { json } from '../answer';
import { auditEntrySchema, auditEntryView } from '../audit-view';
import { placeCursorField, placeCursorOf } from '../place-cursor';
import { wholeNumberField } from '../request-fields';
import { defineRoute } from '../route';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 500;

const listAudit = defineRoute({
  method: 'get',
  path: '/api/v1/audit',
  access: 'admin',
  tag: 'access',
  summary: 'Every change that was asked for, newest first',
  request: {
    query: z.strictObject({
      key_id: z.string().min(1).max(64).optional().meta({ description: 'Only changes asked for with this key' }),
      action: z.string().min(1).max(64).optional().meta({ description: 'Only these', example: 'polls.create' }),
      limit: wholeNumberField(1, MAX_LIMIT)
        .optional()
        .meta({ type: 'integer', description: `Entries in the answer; ${DEFAULT_LIMIT} when left out` }),
      cursor: placeCursorField.optional(),
    }),
  },
  answers: {
    200: {
      description: 'The entries',
      content: {
        'application/json': {
          schema: z.object({ entries: z.array(auditEntrySchema), next_cursor: z.string().nullable() }),
        },
      },
    },
  },
  problems: ['INVALID_INPUT', 'STORE_UNAVAILABLE'],
  handle: async ({ query }, { store }) => {
    const { key_id: keyId, action, cursor, limit = DEFAULT_LIMIT } = query;
    const before = cursor && { at: cursor.at, auditId: cursor.id };
    const entries = await store.auditLog.list({ keyId, action, before, limit: limit + 1 });
    const page = entries.slice(0, limit);
    const last = page.at(-1);
    const hasMore = last !== undefined && entries.length > limit;
    const next = hasMore ? placeCursorOf({ at: last.at, id: last.auditId }) : null;
    return json({ entries: page.map(auditEntryView), next_cursor: next });
  },
});

export const auditRoutes = [listAudit];
