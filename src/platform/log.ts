import pino, { type DestinationStream, type LoggerOptions } from 'pino';
import { z } from 'zod';
import type { Environment } from './environment';
import { type Clean, cleanEverythingOf, redactJson, secretsOf } from './redaction';
import { currentTraceId } from './trace';

/** One structured line per state change; field names are those of the glossary. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  child(fields: object): Log;
  /** Whether a line of this level would be written; to be asked before work that only a log line needs. */
  isLevelEnabled(level: 'debug' | 'info'): boolean;
}

const LEVELS = ['debug', 'info', 'warn', 'error', 'silent'];

/** Fields that are never worth their risk, whatever they hold, here and one level down. */
const SECRET_FIELDS = ['password', 'token', 'secret', 'apiKey', 'authorization', 'cookie', 'headers', 'url'];

export interface LogOptions {
  readonly level: string;
  /** Takes secrets out of every line; where nothing is said, what has the form of one. */
  readonly clean?: Clean;
  /** Standard output where nothing is said. */
  readonly destination?: DestinationStream;
}

/**
 * JSON lines. Fields that may hold a secret are replaced, and so is every secret within any other text, be it a message, an error of a library or a stack.
 * A line inside a span carries `traceId`.
 */
export function openLog(processName: string, { level, clean = cleanEverythingOf([]), destination }: LogOptions): Log {
  const options: LoggerOptions = {
    level,
    base: { process: processName },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`]),
    mixin: () => {
      const traceId = currentTraceId();
      return traceId === undefined ? {} : { traceId };
    },
    hooks: { streamWrite: (line) => cleanLine(line, clean) },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** The log of a process: as much of it as its variables ask for, and none of their secrets. */
export function openProcessLog(processName: string, environment: Environment): Log {
  const { LOG_LEVEL, DEBUG } = environment;
  const standard = z.stringbool().safeParse(DEBUG).data ? 'debug' : 'info';
  // An unknown level is a fault of the configuration, told with the others.
  const level = LOG_LEVEL !== undefined && LEVELS.includes(LOG_LEVEL) ? LOG_LEVEL : standard;
  return openLog(processName, { level, clean: cleanEverythingOf(secretsOf(environment)) });
}

/** Only a line that holds a secret is taken apart, so that the others cost a look, and that no replacement spoils the JSON. */
function cleanLine(line: string, clean: Clean): string {
  if (clean(line) === line) return line;
  return `${JSON.stringify(redactJson(JSON.parse(line), clean))}\n`;
}

/** Says nothing; for tests and for commands that print their own output. */
export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLog,
  isLevelEnabled: () => false,
};
