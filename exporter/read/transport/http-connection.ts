import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Client, type Dispatcher } from 'undici';
import type { HttpAccess } from '../../../model/schema/sources.ts';
import { ReadError } from '../reader.ts';
import { proofOf, type Proof } from './http-access.ts';
import { httpConnector } from './http-connector.ts';
import { Secrets } from './secrets.ts';
import { defaultMaxBytes, shown, type TextOptions } from './text-answer.ts';

export interface HttpOptions extends TextOptions {
  /** @default no credentials but those of the URL, no headers, certificates by the system's authorities */
  readonly access?: Partial<HttpAccess>;
}

interface HttpRequest {
  /** GET alone reads; the other two are a Redfish session's birth and end. */
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Path and query */
  readonly path: string;
  /** The declared ones go before these */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly proof: Proof;
  /** Statuses that are an answer. */
  readonly accepted: readonly number[];
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Decompressed */
  readonly body: Uint8Array;
  /** true: a length, chunked coding or gzip's trailer proves that nothing is missing at the end. */
  readonly whole: boolean;
}

/** A status that is no answer. */
export class HttpStatusError extends ReadError {
  readonly status: number;
  constructor(status: number, message: string) {
    super('http_status', message);
    this.status = status;
  }
}

/** One kept connection to one origin, opened when something is asked. Redirects are not followed: targets are declared. */
export class HttpConnection {
  readonly #url: URL;
  readonly #client: Client;
  readonly #timeout: number;
  readonly #maxBytes: number;
  readonly #access: Partial<HttpAccess>;
  /** What it sent in confidence. */
  readonly secrets: Secrets;

  /** @param url its origin, and its credentials where `access` has none */
  constructor(url: URL, { timeout, maxBytes = defaultMaxBytes, access = {} }: HttpOptions) {
    this.#url = url;
    this.#timeout = timeout;
    this.#maxBytes = maxBytes;
    this.#access = access;
    this.secrets = Secrets.of(url, access.headers);
    this.#client = new Client(url.origin, {
      connect: httpConnector(access.tls, timeout),
      headersTimeout: timeout,
      bodyTimeout: timeout,
      maxResponseSize: maxBytes,
    });
  }

  /**
   * GET with the declared proof, answered with status 200.
   * @param headers the declared ones go before these
   * @throws ReadError, HttpStatusError, or what undici throws: to be called inside of `attempt`
   */
  async get(path: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<HttpAnswer> {
    const proof = await proofOf(this.#url, this.#access.auth, this.#timeout, signal);
    return this.exchange({ method: 'GET', path, headers, proof, accepted: [200] }, signal);
  }

  /** One request and its whole answer. @throws as `get` */
  async exchange(
    { method, path, headers, body: sent, proof, accepted }: HttpRequest,
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    this.secrets.learn(proof);
    const { hide } = this.secrets;
    const declared = Object.entries(this.#access.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
    const answer = await this.#client.request({
      method,
      path,
      headers: { ...headers, ...Object.fromEntries(declared), ...proof.headers, 'accept-encoding': 'gzip' },
      body: sent,
      signal,
    });
    const { statusCode: status, body } = answer;
    if (!accepted.includes(status)) {
      discard(body);
      const reason = refusal(status, proof.told) + hide(redirect(answer.headers.location, this.#url));
      throw new HttpStatusError(status, `status ${status} instead of ${accepted.join(' or ')}${reason}`);
    }
    const coding = String(answer.headers['content-encoding'] ?? 'identity');
    const gzip = coding === 'gzip';
    if (!gzip && coding !== 'identity') {
      discard(body);
      throw new ReadError('protocol', `content coding ${hide(coding).slice(0, 100)}, which was not asked for`);
    }
    const bytes = new Uint8Array(await body.arrayBuffer());
    return {
      status,
      headers: answer.headers,
      body: gzip ? await promisify(gunzip)(bytes, { maxOutputLength: this.#maxBytes }) : bytes,
      whole: gzip || 'content-length' in answer.headers || 'transfer-encoding' in answer.headers,
    };
  }

  close(): Promise<void> {
    return this.#client.destroy();
  }
}

/** Ends an answer that nobody reads, and its connection with it: it may be endless. */
function discard(body: Dispatcher.ResponseData['body']): void {
  body.on('error', () => {}).destroy();
}

function refusal(status: number, told: Proof['told']): string {
  if (status === 401) return told ? `: ${told} was refused` : ': it asks who reads it, and no auth is declared';
  if (status === 403) return told ? `: ${told} was taken, but may not read this` : ': nobody may read it without auth';
  return '';
}

function redirect(location: string | string[] | undefined, base: URL): string {
  const target = location === undefined ? null : URL.parse(String(location), base.href);
  return target ? `, redirect to ${shown(target)}: declare that address if it is the right one` : '';
}
