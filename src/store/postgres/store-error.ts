import { type ErrorCode, messageOf, TickwireError } from '../../platform/errors';
import { type TlsPeer, tlsFaultOf } from '../../platform/tls-fault';

/** Whatever `pg` or Prisma threw, in the words of the port: STORE_UNAVAILABLE, STORE_CONFLICT or STORE_REFUSED. What neither of them throws passes unchanged. */
export function toStoreError(error: unknown): unknown {
  if (error instanceof TickwireError) return error;
  const refused = tlsFaultOf(error, POSTGRES) ?? accessFaultOf(error);
  if (refused) return new TickwireError('STORE_UNAVAILABLE', refused, { cause: error });
  const code = sqlStateOf(error) ?? prismaCodeOf(error) ?? networkCodeOf(error);
  const kind = code === undefined ? undefined : kindOf(code);
  if (code === undefined || kind === undefined) return error;
  return new TickwireError(kind, `${SENTENCES[kind]} (${code})`, { cause: error });
}

const POSTGRES: TlsPeer = {
  service: 'PostgreSQL',
  trustedBy: 'sslrootcert=FILE of DATABASE_URL',
  certificateBy: 'sslcert= and sslkey= of DATABASE_URL',
  turnedOnBy: 'sslmode= of DATABASE_URL',
};

/** Why a server lets nobody in, by its SQLSTATE. */
const ACCESS_FAULTS: Readonly<Record<string, string>> = {
  '28P01': 'PostgreSQL refused the password (28P01): correct user and password of DATABASE_URL',
  '28000':
    'PostgreSQL refused the login (28000): correct user and database of DATABASE_URL, or add sslmode=verify-full where the server takes TLS only',
  '3D000': 'PostgreSQL has no database of this name (3D000): create it, or correct DATABASE_URL',
};

function accessFaultOf(error: unknown): string | undefined {
  if (/server does not support SSL/.test(messageOf(error))) {
    return 'PostgreSQL does not speak TLS: turn it on there (ssl=on), or change sslmode= of DATABASE_URL';
  }
  return ACCESS_FAULTS[sqlStateOf(error) ?? ''];
}

/** The constraint whose violation is behind an error of the store; undefined when it is none. */
export function violatedConstraint(error: unknown): string | undefined {
  const cause = error instanceof TickwireError ? error.cause : error;
  return sqlStateOf(cause)?.startsWith('23') ? textOf(cause, 'constraint') : undefined;
}

/** True when a row belongs into a partition that is not there: a violated check without the name of one. */
export function lacksPartition(error: unknown): boolean {
  const cause = error instanceof TickwireError ? error.cause : error;
  return sqlStateOf(cause) === '23514' && textOf(cause, 'constraint') === undefined;
}

type StoreCode = Extract<ErrorCode, 'STORE_UNAVAILABLE' | 'STORE_CONFLICT' | 'STORE_REFUSED'>;

const SENTENCES: Record<StoreCode, string> = {
  STORE_UNAVAILABLE: 'the database did not do what was asked in time, or cannot do it now',
  STORE_CONFLICT: 'two writers of the database met; one has to try again',
  STORE_REFUSED: 'the database refused the data',
};

/**
 * Only what is wrong with the data itself is refused for good: class 22 (data), 23 (constraints), 54 (too large). Anything else, a missing table or a
 * full disk included, is the operator's to mend, and dropping events over it would lose them.
 */
function kindOf(code: string): StoreCode | undefined {
  if (/^(22|23|54)...$/.test(code) || /^P20(0[0-9]|1[0-9]|2[0-3])$/.test(code)) return 'STORE_REFUSED';
  if (/^40...$/.test(code) || code === '55P03' || code === 'P2034') return 'STORE_CONFLICT';
  return 'STORE_UNAVAILABLE';
}

/** Five characters from the server; Prisma keeps them in its driver adapter's error. */
function sqlStateOf(error: unknown): string | undefined {
  const fromDriver = propertyOf(propertyOf(propertyOf(error, 'meta'), 'driverAdapterError'), 'cause');
  const code = textOf(fromDriver, 'originalCode') ?? textOf(error, 'code');
  return code !== undefined && /^[0-9A-Z]{5}$/.test(code) && !/^(P[123]|E[A-Z])/.test(code) ? code : undefined;
}

function prismaCodeOf(error: unknown): string | undefined {
  const name = error instanceof Error ? error.name : '';
  if (!name.startsWith('PrismaClient') || name === 'PrismaClientValidationError') return undefined;
  return textOf(error, 'code') ?? textOf(error, 'errorCode') ?? name;
}

const NETWORK = /^(ECONN\w*|EPIPE|E\w*TIMEDOUT|ENOTFOUND|EAI_\w+|E(HOST|NET)\w+|ENOENT)$/;

/** `pg` reports lost connections and its own timeouts as plain errors, told apart by their text alone. */
function networkCodeOf(error: unknown): string | undefined {
  const code = textOf(error, 'code');
  if (code !== undefined && NETWORK.test(code)) return code;
  const plain = error instanceof Error && error.name === 'Error' && code === undefined;
  return plain && /connect|timeout|pool|socket/i.test(messageOf(error)) ? messageOf(error) : undefined;
}

function textOf(value: unknown, property: string): string | undefined {
  const found = propertyOf(value, property);
  return typeof found === 'string' ? found : undefined;
}

function propertyOf(value: unknown, property: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, property) : undefined;
}
