import { ReadError, type ReadFailure } from '../reader.ts';

/** Error codes of Node, undici and zlib. What is not listed broke the protocol: a reset, a cut or malformed answer. */
const failures: Readonly<Record<string, ReadFailure>> = {
  ECONNREFUSED: 'refused',
  EACCES: 'refused',
  ENOENT: 'unreachable',
  ENOTDIR: 'unreachable',
  ELOOP: 'unreachable',
  ENOTFOUND: 'unreachable',
  EAI_AGAIN: 'unreachable',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 'too_large',
  ERR_BUFFER_TOO_LARGE: 'too_large',
  UND_ERR_HEADERS_OVERFLOW: 'too_large',
};

interface Limits {
  /** What is tried and where, for the error; without credentials. */
  readonly where: () => string;
  /** For the whole of `work`, in ms. */
  readonly timeout: number;
  readonly signal: AbortSignal;
}

/** Does `work` until it ends, the time is over or the signal aborts. Whatever fails becomes a ReadError that says where. */
export async function attempt<T>(limits: Limits, work: (end: AbortSignal) => Promise<T>): Promise<T> {
  const { where, timeout, signal } = limits;
  const timer = AbortSignal.timeout(timeout);
  try {
    return await work(AbortSignal.any([signal, timer]));
  } catch (cause) {
    const failed = (failure: ReadFailure, what: string) => new ReadError(failure, `${where()}: ${what}`, { cause });
    if (cause instanceof ReadError) throw failed(cause.failure, cause.message);
    if (timer.aborted) throw failed('timeout', `no whole answer within ${timeout} ms`);
    if (signal.aborted) throw failed('timeout', 'given up before the whole answer was there');
    if (!(cause instanceof Error)) throw failed('protocol', String(cause));
    const code = 'code' in cause ? String(cause.code) : '';
    // an AggregateError (every address of a name refused) has a code, but no message
    throw failed(failures[code] ?? 'protocol', cause.message || code);
  }
}
