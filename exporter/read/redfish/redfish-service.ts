import { setTimeout as sleep } from 'node:timers/promises';
import type { RedfishSource } from '../../../model/schema/sources.ts';
import type { Gateways } from '../gateways.ts';
import { parseJson, type Json } from '../json/json-document.ts';
import type { Reader } from '../reader.ts';
import { attempt } from '../transport/attempt.ts';
import { HttpConnection, HttpStatusError, type HttpAnswer } from '../transport/http-connection.ts';
import { concealing, type Hide } from '../transport/secrets.ts';
import { SharedReader } from '../transport/shared-reader.ts';
import { decodeText, shown } from '../transport/text-answer.ts';
import { Turns } from '../transport/turns.ts';
import { RedfishSession } from './redfish-session.ts';

/** The largest resources, collections with their members expanded, are a few hundred kilobytes. */
const MAX_BYTES = 4 * 2 ** 20;
/** No declared timeout is longer but those of very slow services; each request has its own beside it. */
const CONNECTION_MS = 60_000;
/** An exporter that ends waits no longer for a service that does not answer: the session ends by its own timeout. */
const FAREWELL_MS = 2000;
const headers = { accept: 'application/json', 'odata-version': '4.0' };

/** A service as one user sees it: its connection, and its session where one is wanted. */
class RedfishService {
  readonly #turns: Turns;
  readonly #connection: HttpConnection;
  readonly #session: RedfishSession | null;

  constructor(source: RedfishSource, turns: Turns) {
    this.#turns = turns;
    const { auth, headers: declared, tls } = source;
    const timeout = Math.max(source.timeout, CONNECTION_MS);
    const access = { auth, headers: declared, tls };
    this.#connection = new HttpConnection(new URL(source.url), { timeout, maxBytes: MAX_BYTES, access });
    const sessions = resourceUrl(source, '/redfish/v1/SessionService/Sessions');
    this.#session = source.session ? new RedfishSession(this.#connection, sessions, source) : null;
  }

  /**
   * The resource at this URL, once the service has answered all that was asked before.
   * @param timeout in ms, from the turn's beginning
   * @throws ReadError
   */
  get(url: URL, timeout: number, signal: AbortSignal): Promise<Json> {
    const what = `GET ${shown(url)}`;
    const where = () => `${what} (limits ${timeout} ms, ${MAX_BYTES} bytes)`;
    return this.#turns.take(what, signal, (stop) =>
      attempt({ where, timeout, signal: stop }, async (end) => {
        const { body } = await this.#answer(url.pathname + url.search, end);
        return concealing(decodeText(body), this.#connection.secrets.hide, parseJson);
      }),
    );
  }

  /** Takes out of words about an answer what was sent for it in confidence. */
  readonly hide: Hide = (text) => this.#connection.secrets.hide(text);

  async #answer(path: string, end: AbortSignal): Promise<HttpAnswer> {
    // who gave up while it waited makes no session
    end.throwIfAborted();
    const session = this.#session;
    if (!session) return this.#connection.get(path, headers, end);
    const kept = session.isOpen;
    const proof = await session.proof();
    end.throwIfAborted();
    try {
      return await this.#connection.exchange({ method: 'GET', path, headers, proof, accepted: [200] }, end);
    } catch (error) {
      if (!(error instanceof HttpStatusError) || error.status !== 401) throw error;
      session.lost();
      // it was forgotten, after a restart or a long silence: one that was just made and is refused stays refused
      if (kept) return this.#answer(path, end);
      throw error;
    }
  }

  async close(): Promise<void> {
    const late = new AbortController();
    const farewell = async () => {
      await this.#turns.close();
      await this.#session?.close(AbortSignal.timeout(FAREWELL_MS));
    };
    await Promise.race([farewell().catch(() => {}), sleep(FAREWELL_MS, null, { signal: late.signal }).catch(() => {})]);
    late.abort();
    await this.#connection.close();
  }
}

/** Where a resource is; the declared URL may have a path, as behind a proxy. */
const resourceUrl = ({ url }: RedfishSource, resource: string): URL => {
  const base = new URL(url);
  return new URL(base.pathname.replace(/\/+$/, '') + resource, base.origin);
};

/** One resource of a service. Its readers share one GET, and one service is asked one thing at a time, whoever asks. */
export function redfishResource(
  source: RedfishSource,
  resource: string,
  gateways: Gateways,
): Reader<Json> & { hide: Hide } {
  const url = resourceUrl(source, resource);
  const { url: declared, auth, headers: sent, tls, session, timeout } = source;
  const user = JSON.stringify([declared, auth, sent, tls, session]);
  const turns = gateways.shared(`redfish ${url.origin}`, () => new Turns());
  const service = gateways.shared(`redfish-user ${user}`, () => new RedfishService(source, turns));
  const open = (): Reader<Json> => ({
    read: (signal) => service.get(url, timeout, signal),
    // the connection is shared: its registry closes it
    close: async () => {},
  });
  const reader = gateways
    .shared(`redfish-resource ${url.href} ${timeout} ${user}`, () => new SharedReader(`GET ${shown(url)}`, open))
    .user();
  return { ...reader, hide: service.hide };
}
