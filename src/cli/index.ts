import { Command, CommanderError } from 'commander';
import { z } from 'zod';
import { ApiError } from '../client';
import type { Environment } from '../platform/environment';
import { type ErrorCode, messageOf, toTickwireError } from '../platform/errors';
import { productVersion } from '../platform/version';
import { API_KEY_VARIABLE } from './api-client';
import { httpAddress, withExample } from './arguments';
import { audit } from './audit';
import { average } from './average';
import { backup } from './backup';
import { completion } from './completion';
import { type CommandDefinition, openContext } from './context';
import { dashboard } from './dashboard';
import { dlq } from './dlq';
import { doctor } from './doctor';
import { groups } from './groups';
import { history } from './history';
import { ingest } from './ingest';
import { type Io, READER_GONE } from './io';
import { jobs } from './jobs';
import { keys } from './keys';
import { lag } from './lag';
import { latest } from './latest';
import { news } from './news';
import { partitions } from './partitions';
import { poll } from './poll';
import { prices } from './prices';
import { printable } from './printable';
import { replay } from './replay';
import { restore } from './restore';
import { status } from './status';
import { symbols } from './symbols';
import { tail } from './tail';
import { verify } from './verify';
import { watch } from './watch';

/** Every command, in the order of the help. A new one is a file beside this and a line here. */
const COMMANDS: readonly CommandDefinition[] = [
  poll,
  watch,
  latest,
  average,
  prices,
  history,
  news,
  ingest,
  partitions,
  symbols,
  verify,
  backup,
  restore,
  replay,
  jobs,
  tail,
  dlq,
  lag,
  groups,
  keys,
  audit,
  doctor,
  status,
  dashboard,
  completion,
];

const DONE = 0;
const FAILED = 1;
const USAGE = 2;
const INTERRUPTED = 130;

/**
 * Runs one command line (without the program's name) and returns its exit code: 0 done, 1 failed, 2 used wrongly, 130 interrupted. Results go to
 * standard output, everything else to standard error. Never throws, and leaves nothing running.
 */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  let environment: Environment = {};
  try {
    environment = io.readEnvironment();
    await programOf(io, environment).parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? DONE : USAGE;
    if (io.signal.aborted) return codeOfStop(io.signal);
    io.stderr.write(`error: ${printable(sentenceOf(error, environment))}\n`);
    if (isOn(environment.DEBUG) && error instanceof Error) io.stderr.write(`${error.stack}\n`);
    return FAILED;
  }
  return io.signal.aborted ? codeOfStop(io.signal) : DONE;
}

/** What to do where the message of an adapter only says what happened. */
const ADVICE: Partial<Record<ErrorCode, string>> = {
  BUS_UNAVAILABLE: 'is Kafka running where KAFKA_BOOTSTRAP_SERVERS says? `npm start` starts one',
  STORE_UNAVAILABLE: 'is PostgreSQL running where DATABASE_URL says? `npm start` starts one',
};

function sentenceOf(error: unknown, environment: Environment): string {
  const advice = error instanceof ApiError ? keyAdvice(error, environment) : ADVICE[toTickwireError(error).code];
  return advice === undefined ? messageOf(error) : `${messageOf(error)}; ${advice}`;
}

/** What to set where the API wants a key, or another one. */
function keyAdvice({ code }: ApiError, environment: Environment): string | undefined {
  const make = '`tickwire keys create` makes one';
  if (code === 'FORBIDDEN') return `give ${API_KEY_VARIABLE} a key that may, ${make}`;
  if (code !== 'UNAUTHENTICATED') return undefined;
  if (environment[API_KEY_VARIABLE] !== undefined) return `the key of ${API_KEY_VARIABLE} is not accepted, ${make}`;
  return `set ${API_KEY_VARIABLE}, or ${API_KEY_VARIABLE}_FILE to the name of a file with a key, ${make}`;
}

function isOn(flag = 'false'): boolean {
  return z.stringbool().safeParse(flag).data === true;
}

function codeOfStop({ reason }: AbortSignal): number {
  return reason === READER_GONE ? DONE : INTERRUPTED;
}

function programOf(io: Io, environment: Environment): Command {
  const program = new Command('tickwire')
    .description(
      'The command line of tickwire: polling jobs, prices, tapes, dead letters and the health of the pipeline.',
    )
    .version(productVersion())
    .option('--json', 'print one JSON document and nothing else; streams print one for each line')
    .option(
      '--api <url>',
      'address of the API, configured by HOST and PORT; TICKWIRE_API_KEY holds its key',
      httpAddress,
    )
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHelpWidth: () => 100,
      getErrHelpWidth: () => 100,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .showHelpAfterError('(--help shows what it takes)')
    .exitOverride();
  withExample(program, 'tickwire latest AAPL MSFT');
  const context = openContext(program, io, environment);
  for (const register of COMMANDS) register(program, context);
  return program;
}
