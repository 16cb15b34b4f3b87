import { z } from 'zod';
import { defineModel, type ModelDefinition } from '../../src/models/model';
import { TickwireError } from '../../src/platform/errors';

const parameters = z.strictObject({
  parts: z.int().min(1).max(1000).default(1),
  /** How long each part keeps its thread busy. */
  busy_ms: z.number().min(0).default(0),
  mode: z.enum(['sum', 'endless', 'unusable', 'fault', 'away', 'exit']).default('sum'),
  symbols: z.array(z.string()).default([]),
});
type Params = z.infer<typeof parameters>;

/** A model that does as its parameters say: counts, never ends, fails in every way. */
const obedient = defineModel<Params, { readonly index: number; readonly thread: number }>({
  name: 'obedient',
  title: 'Does as it is told',
  description: 'For tests.',
  parameters,
  examples: [{ title: 'A sum of three parts', params: { parts: 3 } }],
  historyOf: ({ symbols }) =>
    symbols.length === 0
      ? undefined
      : {
          symbols,
          start: '2026-01-01',
          end: '2026-01-31',
          missingData: { join: 'inner', maxForwardFill: 0, minSessions: 2 },
        },
  parts: ({ params }) => params.parts,
  runPart: ({ params }, index) => {
    if (params.mode === 'endless') for (;;);
    if (params.mode === 'exit') process.exit(3);
    if (params.mode === 'fault') throw new TypeError('secret of the inside');
    if (params.mode === 'away') throw new TickwireError('STORE_UNAVAILABLE', 'something is away');
    if (params.mode === 'unusable') throw new TickwireError('MODEL_INPUT_UNUSABLE', 'the series is constant');
    const end = performance.now() + params.busy_ms;
    while (performance.now() < end);
    return { index, thread: process.pid };
  },
  combine: ({ params, history }, parts) => ({
    result: { order: parts.map(({ index }) => index), sessions: history?.sessions.length ?? null },
    metrics: { parts: params.parts },
    warnings: ['made by a test'],
    tables: [{ name: 'parts', title: 'Parts', columns: ['index'], rows: parts.map(({ index }) => [index]) }],
    charts: [],
  }),
});

/** As a registry holds them. */
export const TEST_MODELS: readonly ModelDefinition[] = [obedient];
