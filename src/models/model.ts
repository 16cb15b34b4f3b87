import type { z } from 'zod';

/** A value that JSON can hold: no NaN, no infinity, no undefined. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Which history a model needs before it can run; the job's runner loads it, and a submission is refused when it cannot be there. */
export interface HistoryNeed {
  readonly symbols: readonly string[];
  /** First and last day, `YYYY-MM-DD`, inclusive. */
  readonly start: string;
  readonly end: string;
  readonly missingData: MissingDataPolicy;
}

/** How series of several instruments are brought onto the same sessions. Named in every result. */
export interface MissingDataPolicy {
  /** `inner`: only sessions that every instrument has, after filling. */
  readonly join: 'inner';
  /** A missing session takes the last close, at most this many sessions in a row; 0 fills nothing. */
  readonly maxForwardFill: number;
  /** Fewer common sessions than this is an error. */
  readonly minSessions: number;
}

/** Adjusted daily prices of one instrument, one entry for each session of the {@link AlignedHistory}. */
export interface InstrumentHistory {
  readonly symbol: string;
  readonly open: readonly number[];
  readonly high: readonly number[];
  readonly low: readonly number[];
  readonly close: readonly number[];
}

/** Prices of several instruments on common sessions, oldest first, adjusted for splits and dividends. */
export interface AlignedHistory {
  /** `YYYY-MM-DD`. */
  readonly sessions: readonly string[];
  /** In the order of the request. */
  readonly instruments: readonly InstrumentHistory[];
  readonly policy: MissingDataPolicy;
  /** Sessions left out because an instrument lacked them, and values filled forward. */
  readonly dropped: number;
  readonly filled: number;
}

/** What a model computes from: plain data that can be sent to a worker thread. */
export interface ModelInput<Params> {
  readonly params: Params;
  /** Null when the model asked for none. */
  readonly history: AlignedHistory | null;
}

/** A table of a result: becomes `<name>.csv`. */
export interface ResultTable {
  /** kebab-case. */
  readonly name: string;
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

/** A chart of a result, as data: becomes `<name>.svg`. */
export interface ResultChart {
  /** kebab-case. */
  readonly name: string;
  readonly title: string;
  readonly kind: 'line' | 'bar' | 'histogram' | 'scatter';
  readonly xLabel: string;
  readonly yLabel: string;
  /** Texts for the places of a bar chart's x axis; else x is a number. */
  readonly categories?: readonly string[];
  readonly series: readonly ChartSeries[];
}

export interface ChartSeries {
  readonly name: string;
  /** `[x, y]`; for bars x is the place of the category, for a histogram the middle of the bin. */
  readonly points: readonly (readonly [number, number])[];
  /** Draws the area between this and the next series: a percentile fan. */
  readonly band?: boolean;
  /** A thin line without an entry in the legend: one of many paths. */
  readonly faint?: boolean;
}

/** What a model found. */
export interface ModelOutput {
  /** Becomes `result.json`; every number finite. */
  readonly result: { readonly [key: string]: Json };
  /** The few figures a list of jobs shows. */
  readonly metrics: Readonly<Record<string, number>>;
  /** What a reader must know before trusting the figures, in sentences. */
  readonly warnings: readonly string[];
  readonly tables: readonly ResultTable[];
  readonly charts: readonly ResultChart[];
}

/** An example request: documented, tried by the contract suite of the models. */
export interface ModelExample<Params> {
  readonly title: string;
  readonly params: Params;
}

/**
 * Everything the product knows about a model; one file and one line in `index.ts` each. The work is split into parts whose number and content
 * depend on the input alone, never on the number of threads, so that the same input gives the same bytes on any machine.
 */
export interface ModelDefinition<Params = unknown, Part = unknown> {
  /** As routes and commands write it: `montecarlo`. */
  readonly name: string;
  readonly title: string;
  /** For the documentation: what is computed, in which units, from which source. */
  readonly description: string;
  /** snake_case parameters; validates, documents, and fills in defaults. */
  readonly parameters: z.ZodType<Params>;
  /** As a caller writes them: before defaults. */
  readonly examples: readonly ModelExample<unknown>[];
  /** The history that `params` ask for; undefined when they bring everything themselves. */
  historyOf(params: Params): HistoryNeed | undefined;
  /** How many parts there are; at least 1. @throws MODEL_INPUT_UNUSABLE when the history cannot carry the model. */
  parts(input: ModelInput<Params>): number;
  /** One part, on some thread; its result can be sent between threads. */
  runPart(input: ModelInput<Params>, index: number): Part;
  /** The result of all parts, given in the order of their index. */
  combine(input: ModelInput<Params>, parts: readonly Part[]): ModelOutput;
}

/** Checks the shape at compile time; the registry holds models of all parameters side by side. */
export function defineModel<Params, Part>(definition: ModelDefinition<Params, Part>): ModelDefinition<Params, Part> {
  return definition;
}

/** A model whose work is one piece. */
export function wholeModel<Params>(
  definition: Omit<ModelDefinition<Params, ModelOutput>, 'parts' | 'runPart' | 'combine'> & {
    run(input: ModelInput<Params>): ModelOutput;
  },
): ModelDefinition<Params, ModelOutput> {
  const { run, ...rest } = definition;
  return {
    ...rest,
    parts: () => 1,
    runPart: (input) => run(input),
    combine: (_, [output]) => {
      if (!output) throw new Error('a model of one part was combined from none');
      return output;
    },
  };
}
