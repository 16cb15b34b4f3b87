import { z } from 'zod';
import type { CorporateAction } from '../../domain/corporate-action';
import { findInstrument } from '../../history/open-series';
import { json } from '../answer';
import { symbolField } from '../request-fields';
import { defineRoute } from '../route';

const actionSchema = z
  .object({
    symbol: z.string(),
    kind: z.enum(['dividend', 'split', 'merger']),
    ex_date: z.string().meta({ description: 'First session that trades without it' }),
    amount: z.number().nullable().meta({ description: 'Cash per share in currency; null unless a dividend' }),
    currency: z.string().nullable(),
    ratio: z.number().nullable().meta({ description: 'New shares for each old one; null for a dividend' }),
    successor: z.string().nullable().meta({ description: 'Instrument that takes over; null unless a merger' }),
    source: z.string(),
  })
  .meta({ id: 'CorporateAction' });

const dayField = z.iso.date({ error: 'expected a day such as 2026-01-05' });

const corporateActions = defineRoute({
  method: 'get',
  path: '/corporate-actions/{symbol}',
  access: 'prices:read',
  tag: 'history',
  summary: 'Dividends, splits and mergers of one instrument, by ex-date',
  description:
    'As each source tells them; an action that two sources tell is there twice, and counts once in an adjustment.',
  request: {
    params: z.strictObject({ symbol: symbolField }),
    query: z
      .strictObject({
        start: dayField.optional().meta({ description: 'First ex-date, inclusive' }),
        end: dayField.optional().meta({ description: 'Last ex-date, inclusive' }),
        source: z.string().min(1).max(64).optional().meta({ description: 'Only what this source tells' }),
      })
      .refine(({ start, end }) => !start || !end || start <= end, {
        path: ['end'],
        error: 'expected end not before start',
      }),
  },
  answers: {
    200: {
      description: 'The actions',
      content: {
        'application/json': {
          schema: z.object({ symbol: z.string(), actions: z.array(actionSchema) }).meta({ id: 'CorporateActions' }),
        },
      },
    },
  },
  problems: ['INVALID_INPUT', 'SYMBOL_UNKNOWN', 'STORE_UNAVAILABLE'],
  handle: async ({ params, query }, { store }) => {
    const { symbol } = await findInstrument(store, params.symbol);
    const actions = await store.corporateActions.list({ symbol, ...query });
    return json({ symbol, actions: actions.map(actionView) });
  },
});

export const corporateActionRoutes = [corporateActions];

function actionView(action: CorporateAction): z.infer<typeof actionSchema> {
  const { symbol, kind, exDate, amount, currency, ratio, successor, source } = action;
  return { symbol, kind, ex_date: exDate, amount, currency, ratio, successor, source };
}
