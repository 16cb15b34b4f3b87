import { getSystemErrorMap } from 'node:util';
import { TickwireError } from '../platform/errors';

/** Whether the operating system refused with one of these codes, as `ENOENT`. */
export function isSystemError(error: unknown, ...codes: readonly string[]): boolean {
  return codes.some((code) => code === fieldOf(error, 'code'));
}

/** Does `work`; what the disk refuses becomes ARTIFACTS_UNAVAILABLE, without the paths of this machine in its text. */
export async function whenAnswering<T>(doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new TickwireError('ARTIFACTS_UNAVAILABLE', `artifacts: ${doing} failed: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

/** `ENOSPC, no space left on device`: the text of Node's own error names the path. */
function reasonOf(error: unknown): string {
  const known = getSystemErrorMap().get(Number(fieldOf(error, 'errno')));
  return known ? known.join(', ') : 'the disk did not answer';
}

function fieldOf(error: unknown, field: 'code' | 'errno'): unknown {
  return typeof error === 'object' && error !== null ? Reflect.get(error, field) : undefined;
}
