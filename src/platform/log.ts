import pino from 'pino';

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

/** JSON lines on standard output. Values of fields that may hold a secret are replaced. */
export function openLog(processName: string, level: string): Log {
  return pino({
    level,
    base: { process: processName },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: ['password', 'token', 'apiKey', 'url', '*.password', '*.token', '*.apiKey', 'headers.authorization'],
  });
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
