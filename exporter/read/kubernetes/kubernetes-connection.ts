import { Client, type Dispatcher } from 'undici';
import { ReadError } from '../reader.ts';
import { shown } from '../transport/text-answer.ts';
import type { KubernetesAccess } from './kubernetes-access.ts';

/** Of an error's Status object. */
const MAX_STATUS_BYTES = 64 * 2 ** 10;

/** The API server refuses. `code` is that of HTTP, or of the Status object in a watch. */
export class KubernetesStatus extends ReadError {
  readonly code: number;
  /** ms after which it may be asked again, where it says so */
  readonly retryAfter: number | null;
  constructor(code: number, message: string, retryAfter: number | null = null) {
    super('http_status', message);
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

/** What the API server said, where an error comes from that: `attempt` wraps it to say where. */
export function statusOf(error: unknown): KubernetesStatus | null {
  if (error instanceof KubernetesStatus) return error;
  return error instanceof Error && error.cause !== undefined ? statusOf(error.cause) : null;
}

/** What was asked for is too old to be gone on from: everything is to be listed anew. */
export const isGone = (error: unknown): boolean => statusOf(error)?.code === 410;

/** What may help, by status. */
const remedies: Readonly<Record<number, (told: string) => string>> = {
  401: (told) => `${told} was refused: has it expired?`,
  403: (told) => `${told} lacks the right: bind it to a cluster role with get, list and watch of nodes and pods`,
  404: () => 'no Kubernetes API is there: is the address that of the API server?',
  429: () => 'the server is overloaded',
};

/** One kept connection to an API server; reads by GET alone. Made anew for each list and watch, with the credentials of then. */
export class KubernetesConnection {
  readonly #access: KubernetesAccess;
  readonly #client: Client;

  /** @param timeout of the connection and of an answer's beginning, ms */
  constructor(access: KubernetesAccess, timeout: number) {
    this.#access = access;
    this.#client = new Client(access.server.origin, {
      connect: { ...access.tls, timeout },
      headersTimeout: timeout,
      allowH2: false,
    });
  }

  /** For people: without the query. */
  where(path: string): string {
    return `GET ${shown(this.#url(path))}`;
  }

  /**
   * The bytes of an answer as they come.
   * @param idle longest time without a byte, ms
   * @throws KubernetesStatus, or what undici throws: to be called inside of `attempt`
   */
  async get(path: string, idle: number, signal: AbortSignal): Promise<AsyncIterable<Buffer>> {
    const { token, told } = this.#access;
    const url = this.#url(path);
    const { statusCode, headers, body } = await this.#client.request({
      method: 'GET',
      path: url.pathname + url.search,
      headers: { accept: 'application/json', ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
      bodyTimeout: idle,
      signal,
    });
    if (statusCode === 200) return body;
    const after = Number(headers['retry-after']);
    const [message, remedy] = [await statusMessage(body), remedies[statusCode]?.(told)];
    const words = [`status ${statusCode}`, message, remedy].filter(Boolean).join(': ');
    throw new KubernetesStatus(statusCode, words, Number.isFinite(after) ? after * 1000 : null);
  }

  close(): Promise<void> {
    return this.#client.destroy();
  }

  #url(path: string): URL {
    const { server } = this.#access;
    return new URL(server.pathname.replace(/\/$/, '') + path, server);
  }
}

/** The message of a metav1.Status, '' where the body is none. */
async function statusMessage(body: Dispatcher.ResponseData['body']): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of body as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > MAX_STATUS_BYTES) break; // leaving the loop ends the answer, and its connection
    parts.push(part);
  }
  try {
    const { message } = JSON.parse(Buffer.concat(parts).toString()) as { message?: unknown };
    return typeof message === 'string' ? message.slice(0, 400) : '';
  } catch {
    return '';
  }
}
