import { z } from 'zod';
import type { Caller } from '../domain/access';
import type { Access } from './admission';
import type { Answer } from './answer';
import type { ApiContext } from './context';
import { type InputFault, invalidInput, type ProblemCode } from './errors';
import { unstorableTextsIn } from './storable-text';

/** A request as it came: nothing in it is believed yet. */
export interface RawRequest {
  readonly params: unknown;
  readonly query: unknown;
  readonly headers: unknown;
  readonly body: unknown;
}

/** What a handler may know of a request besides its input. */
export interface Exchange {
  readonly requestId: string;
  /** The one of these media types that the caller likes best; the first where it has no preference. */
  prefer(mediaTypes: readonly [string, ...string[]]): string;
  /** Of the caller, behind the proxies that are trusted. */
  readonly address: string;
  readonly caller: Caller;
  /** Aborts when the caller leaves, and when the server stops: what waits should answer or end. */
  readonly signal: AbortSignal;
}

/** Schemas of the parts of a request; a part that is left out must be empty (headers may be anything). */
type RequestShape = Partial<Record<'params' | 'query' | 'headers' | 'body', z.ZodType>>;

/** One documented good answer. */
export interface DocumentedAnswer {
  readonly description: string;
  /** By media type; none for an answer without a body. */
  readonly content?: Readonly<Record<string, { readonly schema: z.ZodType; readonly example?: unknown }>>;
  readonly headers?: Readonly<Record<string, string>>;
}

interface RouteDocument {
  readonly method: 'get' | 'post' | 'patch' | 'delete';
  /** As OpenAPI writes it: `/prices/poll/{job_id}`. */
  readonly path: string;
  readonly tag: string;
  readonly access: Access;
  /** Whether `?ticket=` stands for a key here; `credentials.ts` reads it. */
  readonly takesTickets?: true;
  /** What it changes, as the audit log names it; every route that changes anything has one. */
  readonly audit?: string;
  readonly summary: string;
  readonly description?: string;
  readonly answers: Readonly<Record<number, DocumentedAnswer>>;
  /** Codes of the problems it may answer, besides those that every route may. */
  readonly problems: readonly ProblemCode[];
  /** Bodies to try, by their title; besides the example of the schema. */
  readonly bodyExamples?: Readonly<Record<string, unknown>>;
  /** Where a body may be larger than others. */
  readonly maxBodyBytes?: number;
}

interface RouteDefinition<Shape extends RequestShape> extends RouteDocument {
  readonly request: Shape;
  /** Called with validated input only. @throws TickwireError, told as a problem. */
  handle(input: z.infer<z.ZodObject<Shape>>, context: ApiContext, exchange: Exchange): Promise<Answer> | Answer;
}

/** One route: the objects that document it are those that validate and answer. */
export interface Route extends RouteDocument {
  readonly request: RequestShape;
  /** Validates, then handles. @throws what the handler throws. */
  run(raw: RawRequest, context: ApiContext, exchange: Exchange): Promise<Answer>;
}

const EMPTY_PARTS = {
  params: z.strictObject({}),
  query: z.strictObject({}),
  body: z.strictObject({}).optional(),
};

/** More faults than this help nobody. */
const MAX_FAULTS = 50;

/** Ties method, path, schemas, documented answers and handler together. */
export function defineRoute<const Shape extends RequestShape>(definition: RouteDefinition<Shape>): Route {
  const { handle, ...document } = definition;
  const schema: z.ZodObject<Shape> = z.object(definition.request);
  const rest = z.object(
    Object.fromEntries(Object.entries(EMPTY_PARTS).filter(([part]) => !(part in definition.request))),
  );
  return {
    ...document,
    run: async (raw, context, exchange) => {
      const unused = rest.safeParse(raw);
      const input = schema.safeParse(raw);
      if (unused.success && input.success) {
        const unstorable = unstorableTextsIn(input.data);
        if (unstorable.length > 0) return invalidInput(unstorable.slice(0, MAX_FAULTS), exchange.requestId);
        return handle(input.data, context, exchange);
      }
      const issues = [...(input.error?.issues ?? []), ...(unused.error?.issues ?? [])];
      return invalidInput(issues.flatMap(faultsOf).slice(0, MAX_FAULTS), exchange.requestId);
    },
  };
}

/** `['query', 'symbol']` is told as `symbol`; an unknown field is a fault at its own path. */
function faultsOf(issue: z.core.$ZodIssue): InputFault[] {
  const [part, ...path] = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...path, key.slice(0, 64)].join('.'), message: 'unknown field' }));
  }
  return [{ path: path.join('.') || (part ?? 'request'), message: issue.message }];
}
