import type { PrometheusSource } from '../../../model/schema/sources.ts';
import type { Gateways } from '../gateways.ts';
import { ReadError } from '../reader.ts';
import { attempt } from '../transport/attempt.ts';
import { proofOf } from '../transport/http-access.ts';
import { HttpConnection } from '../transport/http-connection.ts';
import { concealing, Secrets, type Hide } from '../transport/secrets.ts';
import { decodeText, defaultMaxBytes, shown } from '../transport/text-answer.ts';
import { Turns } from '../transport/turns.ts';
import { parseAnswer, type QueryAnswer, type QuerySample } from './prometheus-answer.ts';

/** So many series may one answer have: above it the server should add up (aggregate: true). */
const MAX_SERIES = 200_000;
/** With these the API says in the body what is wrong (bad query, failed evaluation, given up, not ready). */
const TOO_LONG = [414, 431];
const ANSWERED = [200, 400, 404, 422, 500, 503, ...TOO_LONG];

/** As short as RFC 3986, 3.4 allows: proxies limit a request's first line to 8 KB. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replaceAll(/%(2C|3D|3A|2F|3F|40|20)/g, (code) =>
    code === '%20' ? '+' : decodeURIComponent(code),
  );

interface Asked {
  /** Instant of evaluation, Unix ms: see `aligned` */
  readonly time: number;
  readonly signal: AbortSignal;
  /** true: no sample is an answer; else it is ReadError 'empty', because absent is not zero. @default false */
  readonly mayBeEmpty?: boolean;
  /** true: an answer with warnings is given, and its user looks at them; else it is refused. @default false */
  readonly mayBePartial?: boolean;
  /** @default 200,000 */
  readonly maxSeries?: number;
}

export interface PrometheusServer {
  /** One instant query, evaluated by the server. @throws ReadError with the server's own words where it refuses */
  query(promql: string, asked: Asked): Promise<QueryAnswer>;
  /** Takes out of words about an answer what was sent for it in confidence. */
  readonly hide: Hide;
  /** Ends the connection, where nobody else uses it. */
  close(): Promise<void>;
}

/** The last whole multiple of `every` ms: all that is asked in one cycle is asked of the same instant. */
export const aligned = (now: number, every: number): number => Math.floor(now / every) * every;

/**
 * The HTTP API of a Prometheus, Thanos, Mimir or VictoriaMetrics. Users of one server share its one connection, and take
 * turns on it: a server evaluates one query of ours at a time, and each has the whole timeout.
 */
export function prometheusQuery(source: Omit<PrometheusSource, 'protocol'>, gateways: Gateways): PrometheusServer {
  const { url: href, timeout, auth, headers, tls } = source;
  const key = `prometheus ${JSON.stringify([href, timeout, auth, headers, tls])}`;
  const server = gateways.shared(key, () => new Server(source));
  server.users++;
  let open = true;
  return {
    query: (promql, asked) => server.query(promql, asked),
    hide: server.hide,
    async close() {
      if (open && --server.users === 0) await server.close();
      open = false;
    },
  };
}

class Server {
  users = 0;
  readonly #source: Omit<PrometheusSource, 'protocol'>;
  readonly #url: URL;
  #connection: HttpConnection | null = null;
  #secrets = Secrets.none;
  #turns = new Turns();

  constructor(source: Omit<PrometheusSource, 'protocol'>) {
    this.#source = source;
    const url = new URL(source.url);
    url.pathname = `${url.pathname.replace(/\/+$/, '')}/api/v1/query`;
    this.#url = url;
  }

  readonly hide: Hide = (text) => this.#secrets.hide(text);

  async query(promql: string, asked: Asked): Promise<QueryAnswer> {
    const { timeout } = this.#source;
    const { time, signal, mayBeEmpty = false, mayBePartial = false, maxSeries = MAX_SERIES } = asked;
    const where = () => `GET ${shown(this.#url)} for ${JSON.stringify(promql.slice(0, 300))} at ${time / 1000}`;
    const ask = async (end: AbortSignal): Promise<QueryAnswer> => {
      const { text, status } = await this.#get(promql, time, end);
      const answer = concealing(text, this.hide, (told) => {
        const parsed = parseAnswer(told, status, maxSeries);
        if (parsed.warnings.length > 0 && !mayBePartial)
          throw new ReadError('protocol', `partial answer: ${parsed.warnings.join('; ').slice(0, 400)}`);
        return parsed;
      });
      if (answer.samples.length === 0 && !mayBeEmpty)
        throw new ReadError(
          'empty',
          'no sample: absent is not zero (is the metric there, and not older than 5 minutes?)',
        );
      if (!this.#secrets.isIn(text)) return answer;
      const safe = (sample: QuerySample) => ({ ...sample, labels: this.#secrets.hideLabels(sample.labels) });
      return {
        samples: answer.samples.map(safe),
        warnings: answer.warnings.map(this.hide),
        infos: answer.infos.map(this.hide),
      };
    };
    return this.#turns.take(where(), signal, (end) => attempt({ where, timeout, signal: end }, ask));
  }

  async #get(promql: string, time: number, signal: AbortSignal): Promise<{ text: string; status: number }> {
    const { timeout, auth, headers, tls } = this.#source;
    const access = { auth, headers, tls };
    this.#connection ??= new HttpConnection(this.#url, { timeout, maxBytes: defaultMaxBytes, access });
    this.#secrets = this.#connection.secrets;
    // The server gives up when nobody waits any more.
    const asked = { query: promql, time: (time / 1000).toFixed(3), timeout: `${timeout}ms` };
    const search = Object.entries(asked).map(([name, value]) => `${name}=${encoded(value)}`);
    const path = [`${this.#url.pathname}?${this.#url.search.slice(1)}`, ...search].join('&').replace('?&', '?');
    const { body, status } = await this.#connection.exchange(
      {
        method: 'GET',
        path,
        headers: { accept: 'application/json' },
        proof: await proofOf(this.#url, auth, timeout, signal),
        accepted: ANSWERED,
      },
      signal,
    );
    if (TOO_LONG.includes(status))
      throw new ReadError(
        'too_large',
        `status ${status}: a path of ${path.length} bytes is too long for the server, or for a proxy before it`,
      );
    return { text: decodeText(body), status };
  }

  async close(): Promise<void> {
    const [connection, turns] = [this.#connection, this.#turns];
    this.#connection = null;
    this.#turns = new Turns();
    await turns.close();
    await connection?.close();
  }
}
