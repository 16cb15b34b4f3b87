import { z } from 'zod';
import { instantSchema } from '../../domain/instant';
import type { Instrument, InstrumentMetadata, VendorSymbol } from '../../domain/instrument';
import { symbolSchema } from '../../domain/symbol';
import { findInstrument } from '../../history/open-series';
import type { BarCoverage } from '../../store/history-store';
import { json } from '../answer';
import { symbolField, wholeNumberField } from '../request-fields';
import { defineRoute } from '../route';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;

const vendorSymbolSchema = z
  .object({
    vendor: z.string(),
    spelling: z.string(),
    valid_from: z.string().nullable().meta({ description: 'First day of this spelling; null where it has none' }),
    valid_to: z.string().nullable().meta({ description: 'Last day of this spelling; null while it is in use' }),
  })
  .meta({ id: 'VendorSymbol' });

const metadataSchema = z
  .object({
    name: z.string().nullable(),
    sector: z.string().nullable(),
    industry: z.string().nullable(),
    currency: z.string().nullable(),
    exchange: z.string().nullable(),
    market_cap: z.number().nullable(),
    source: z.string().nullable(),
    last_updated: instantSchema,
  })
  .meta({ id: 'InstrumentMetadata' });

const instrumentSchema = z
  .object({
    symbol: z.string(),
    asset_class: z.enum(['equity', 'fx', 'crypto']),
    vendor_symbols: z.array(vendorSymbolSchema),
    metadata: metadataSchema.nullable().meta({ description: 'Null until a source has told any' }),
  })
  .meta({ id: 'Instrument' });

const coverageSchema = z
  .object({
    source: z.string(),
    interval: z.string(),
    bars: z.int(),
    first_at: instantSchema,
    last_at: instantSchema,
  })
  .meta({ id: 'BarCoverage' });

const symbols = defineRoute({
  method: 'get',
  path: '/symbols',
  access: 'prices:read',
  tag: 'reference',
  summary: 'Instruments by symbol, spelling or name',
  request: {
    query: z.strictObject({
      query: z.string().max(100, 'expected at most 100 characters').optional().meta({
        description:
          "Part of a symbol, of a vendor's spelling or of a name, in any case; all instruments when left out",
      }),
      limit: wholeNumberField(1, MAX_LIMIT).default(DEFAULT_LIMIT).meta({ type: 'integer', default: DEFAULT_LIMIT }),
      cursor: symbolSchema.optional().meta({ type: 'string', description: 'next_cursor of the page before' }),
    }),
  },
  answers: {
    200: {
      description: 'Instruments, by symbol',
      content: {
        'application/json': {
          schema: z
            .object({ symbols: z.array(instrumentSchema), next_cursor: z.string().nullable() })
            .meta({ id: 'Instruments' }),
        },
      },
    },
  },
  problems: ['INVALID_INPUT', 'STORE_UNAVAILABLE'],
  handle: async ({ query: { query, limit, cursor } }, { store }) => {
    const found = await store.instruments.search({ text: query?.trim(), after: cursor, limit: limit + 1 });
    const page = found.slice(0, limit);
    const nextCursor = found.length > page.length ? (page.at(-1)?.symbol ?? null) : null;
    return json({ symbols: page.map(instrumentView), next_cursor: nextCursor });
  },
});

const oneSymbol = defineRoute({
  method: 'get',
  path: '/symbols/{symbol}',
  access: 'prices:read',
  tag: 'reference',
  summary: 'What is known of one instrument: spellings, metadata, stored history',
  description: "By the pipeline's symbol or any vendor's spelling of it: `BRK.B`, `BRK-B` and `BRK.B.US` are one.",
  request: { params: z.strictObject({ symbol: symbolField }) },
  answers: {
    200: {
      description: 'The instrument',
      content: {
        'application/json': {
          schema: instrumentSchema.extend({ coverage: z.array(coverageSchema) }).meta({ id: 'CoveredInstrument' }),
        },
      },
    },
  },
  problems: ['INVALID_INPUT', 'SYMBOL_UNKNOWN', 'STORE_UNAVAILABLE'],
  handle: async ({ params }, { store }) => {
    const instrument = await findInstrument(store, params.symbol);
    const coverage = await store.bars.coverage(instrument.symbol);
    return json({ ...instrumentView(instrument), coverage: coverage.map(coverageView) });
  },
});

export const symbolRoutes = [symbols, oneSymbol];

function instrumentView({ symbol, assetClass, vendorSymbols, metadata }: Instrument): z.infer<typeof instrumentSchema> {
  return {
    symbol,
    asset_class: assetClass,
    vendor_symbols: vendorSymbols.map(vendorSymbolView),
    metadata: metadata && metadataView(metadata),
  };
}

function vendorSymbolView({ vendor, spelling, validFrom, validTo }: VendorSymbol): z.infer<typeof vendorSymbolSchema> {
  return { vendor, spelling, valid_from: validFrom, valid_to: validTo };
}

function metadataView(metadata: InstrumentMetadata): z.infer<typeof metadataSchema> {
  const { name, sector, industry, currency, exchange, marketCap, source, lastUpdated } = metadata;
  const named = { name, sector, industry, currency, exchange };
  return { ...named, market_cap: marketCap, source, last_updated: lastUpdated.toISOString() };
}

function coverageView({ source, interval, bars, firstAt, lastAt }: BarCoverage): z.infer<typeof coverageSchema> {
  return { source, interval, bars, first_at: firstAt.toISOString(), last_at: lastAt.toISOString() };
}
