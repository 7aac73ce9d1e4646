import { ReadError } from '../reader.ts';

/** Does `work`; a ReadError learns where it arose. */
export function locating<T>(where: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof ReadError)) throw cause;
    throw new ReadError(cause.failure, `${where}: ${cause.message}`, { cause });
  }
}
