import type { Command } from 'commander';
import type { Bus } from '../bus/bus';
import type { Cache } from '../cache/cache';
import type { TickwireClient } from '../client';
import { type Config, parseConfig } from '../platform/config';
import type { Environment } from '../platform/environment';
import type { Service } from '../platform/service';
import type { Store } from '../store/store';
import { API_KEY_VARIABLE, openApiClient } from './api-client';
import type { Io } from './io';
import { openProgress, type Progress, type ProgressOptions, silentProgress } from './progress';
import { type Cell, tableOf } from './table';

/** What a command works with. */
export interface Context {
  readonly io: Io;
  /** Aborts when the user wants the command to end. */
  readonly signal: AbortSignal;
  /** @throws CONFIG_INVALID naming every faulty variable. */
  config(): Config;
  /** True with --json: streams print one line of JSON for each thing they tell. */
  isJson(): boolean;
  /** The result: `document` as one line of JSON with --json, else the text. */
  print(document: unknown, text: () => string): void;
  table(head: readonly string[], rows: readonly (readonly Cell[])[]): string;
  /** On standard error; silent with --json. */
  progress(options: Omit<ProgressOptions, 'output'>): Progress;
  /** The API of --api, else the configured one, called with the key of `TICKWIRE_API_KEY` where there is one. */
  api(): TickwireClient;
  /** A bus that is started before `use` and stopped after it, however it ends. */
  withBus<T>(use: (bus: Bus) => Promise<T>): Promise<T>;
  /** A cache that is started before `use` and stopped after it, however it ends. */
  withCache<T>(use: (cache: Cache) => Promise<T>): Promise<T>;
  /** A store that is started before `use` and stopped after it, however it ends. */
  withStore<T>(use: (store: Store) => Promise<T>): Promise<T>;
}

/** Registers one command; one file each, listed in `index.ts`. */
export type CommandDefinition = (program: Command, context: Context) => void;

/** The context of the commands of `program`, whose global options are read when a command runs. */
export function openContext(program: Command, io: Io, environment: Environment): Context {
  const flags = () => program.opts<{ json?: true; api?: string }>();
  const config = () => parseConfig(environment);
  const colours = io.stdout.isTTY === true && environment.NO_COLOR === undefined;
  return {
    io,
    signal: io.signal,
    config,
    isJson: () => flags().json === true,
    print: (document, text) => io.stdout.write(`${flags().json ? JSON.stringify(document) : text()}\n`),
    table: (head, rows) => tableOf(head, rows, colours),
    progress: (options) => (flags().json ? silentProgress : openProgress({ ...options, output: io.stderr })),
    api: () => {
      const baseUrl = flags().api ?? apiAddressOf(config());
      return openApiClient({ baseUrl, apiKey: environment[API_KEY_VARIABLE] }, io.signal);
    },
    withBus: (use) => during(io.openBus(config()), use),
    withCache: (use) => during(io.openCache(config()), use),
    withStore: (use) => during(io.openStore(config()), use),
  };
}

/** Where the API listens, seen from this machine. */
function apiAddressOf({ host, port }: Config): string {
  if (host === '0.0.0.0') return `http://127.0.0.1:${port}`;
  if (host === '::') return `http://[::1]:${port}`;
  return host.includes(':') ? `http://[${host}]:${port}` : `http://${host}:${port}`;
}

async function during<S extends Service, T>(service: S, use: (service: S) => Promise<T>): Promise<T> {
  try {
    await service.start();
    return await use(service);
  } finally {
    await service.stop();
  }
}
