import type { RedfishSource } from '../../../model/schema/sources.ts';
import { isObject, parseJson } from '../json/json-document.ts';
import { ReadError } from '../reader.ts';
import { attempt } from '../transport/attempt.ts';
import { passwordOf, type Proof } from '../transport/http-access.ts';
import { HttpStatusError, type HttpAnswer, type HttpConnection } from '../transport/http-connection.ts';
import { concealing, type Secrets } from '../transport/secrets.ts';
import { decodeText, shown } from '../transport/text-answer.ts';

const json = { accept: 'application/json', 'content-type': 'application/json', 'odata-version': '4.0' };

interface Open {
  readonly token: string;
  /** Path of the session's own resource; null where the service did not say it */
  readonly path: string | null;
}

/**
 * The one session with a service (DSP0266, session login authentication): made at the first request, again after a 401,
 * deleted at the end. Services have few, an iDRAC eight, and one that is left open is gone for half an hour.
 */
export class RedfishSession {
  readonly #connection: HttpConnection;
  readonly #source: RedfishSource;
  readonly #sessions: URL;
  #open: Promise<Open> | null = null;

  /** @param sessions the URL at which sessions are made */
  constructor(connection: HttpConnection, sessions: URL, source: RedfishSource) {
    this.#connection = connection;
    this.#sessions = sessions;
    this.#source = source;
  }

  get isOpen(): boolean {
    return this.#open !== null;
  }

  /** No signal ends the making of a session: one that was made and whose token nobody heard could not be deleted. */
  async proof(): Promise<Proof> {
    this.#open ??= this.#make();
    try {
      return { headers: { 'x-auth-token': (await this.#open).token }, told: 'the session' };
    } catch (error) {
      this.#open = null;
      throw error;
    }
  }

  /** The service knows it no longer. */
  lost(): void {
    this.#open = null;
  }

  /** Deletes it, also one that is being made. @throws ReadError, or what undici throws */
  async close(signal: AbortSignal): Promise<void> {
    const open = await this.#open;
    this.#open = null;
    if (!open?.path) return;
    const { token, path } = open;
    const proof = { headers: { 'x-auth-token': token }, told: 'the session' };
    const accepted = [200, 202, 204];
    await this.#connection.exchange({ method: 'DELETE', path, headers: json, proof, accepted }, signal);
  }

  #make(): Promise<Open> {
    const { auth, timeout, url } = this.#source;
    const limits = { where: () => `POST ${shown(this.#sessions)}`, timeout, signal: new AbortController().signal };
    return attempt(limits, async (end) => {
      const known = await passwordOf(new URL(url), auth, timeout, end);
      if (!known) throw new ReadError('protocol', 'a session needs auth with username and password_file');
      const body = JSON.stringify({ UserName: known.username, Password: known.password });
      const path = this.#sessions.pathname;
      const proof: Proof = { headers: {}, told: known.told, secrets: [known.password] };
      try {
        const answer = await this.#connection.exchange(
          { method: 'POST', path, headers: json, body, proof, accepted: [200, 201] },
          end,
        );
        return opened(answer, this.#sessions, this.#connection.secrets);
      } catch (cause) {
        if (!(cause instanceof HttpStatusError) || (cause.status !== 400 && cause.status < 500)) throw cause;
        throw new ReadError('http_status', `${cause.message}: the service may have no session left`, { cause });
      }
    });
  }
}

function opened({ headers, body }: HttpAnswer, sessions: URL, secrets: Secrets): Open {
  const token = headers['x-auth-token'];
  if (typeof token !== 'string' || token === '')
    throw new ReadError('protocol', 'the session that was made has no X-Auth-Token');
  secrets.learn({ headers: { 'x-auth-token': token }, told: null });
  // Location is the session's URL; some services say it in the body alone
  const document = body.length === 0 ? null : concealing(decodeText(body), secrets.hide, parseJson);
  const told = headers.location ?? (isObject(document) ? document['@odata.id'] : undefined);
  const path = typeof told === 'string' ? (URL.parse(told, sessions.href)?.pathname ?? null) : null;
  // A session is deleted at the end, and nothing else, whatever a faulty BMC says.
  const isSession = path !== null && path.startsWith(`${sessions.pathname}/`);
  return { token, path: isSession ? path : null };
}
