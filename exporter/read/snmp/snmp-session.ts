import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { lookup } from 'node:dns/promises';
import type { SnmpSource } from '../../../model/schema/sources.ts';
import { attempt } from '../transport/attempt.ts';
import { ReadError } from '../reader.ts';
import { levelOf, readCredentials } from './snmp-credentials.ts';
import { provideDes } from './snmp-des.ts';
import { silence, SnmpRefusal, snmpFault } from './snmp-faults.ts';
import type { Answer, Done, Patience, Request, Session, SnmpRequest, User } from './snmp-library.ts';
import { isCut, type SnmpVariable } from './snmp-value.ts';

/** Datagrams of one exchange: a v3 session needs three, duplicates and late answers may come between. */
const MOST_STRAYS = 50;

async function aborted(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await once(signal, 'abort');
  throw signal.reason;
}

/** A UDP socket of its own, and net-snmp's session over it. At most one exchange under way. */
export class SnmpSession {
  readonly #source: SnmpSource;
  readonly #socket: Socket;
  readonly #session: Session;
  #fail: ((error: unknown) => void) | null = null;
  /** Datagrams that came during the exchange under way and did not end it. */
  #strays = 0;
  #closed = false;

  private constructor(source: SnmpSource, socket: Socket, open: (dgramModule: object) => Session) {
    this.#source = source;
    this.#socket = socket;
    this.#session = open({ createSocket: () => this.#socketOf(socket) });
    // a datagram that cannot be read is no answer: the request waits on
    this.#session.on('error', () => {});
    this.#session.onSimpleGetResponse = (request, answer) => this.#answered(request, answer);
    socket.on('error', (error) => this.#fail?.(error));
  }

  /** Reads the secrets, finds the address and opens a socket that hears this device alone. @throws ReadError */
  static async open(source: SnmpSource, signal: AbortSignal): Promise<SnmpSession> {
    const { address, timeout } = source;
    const colon = address.lastIndexOf(':');
    const host = address.slice(0, colon).replace(/^\[(.*)\]$/, '$1');
    return attempt({ where: () => address, timeout, signal }, async (end) => {
      // some 30 ms, which those without SNMP need not wait for
      const library = await import('net-snmp');
      provideDes(library);
      const credentials = await readCredentials(source);
      const user: object | null = credentials.user;
      const community = credentials.community ?? '';
      // a name server that does not answer is waited for by nobody
      const found = await Promise.race([lookup(host), aborted(end)]);
      const version = source.version === '1' ? 0 : 1;
      const transport = found.family === 6 ? 'udp6' : 'udp4';
      const socket = createSocket(transport);
      try {
        socket.connect(Number(address.slice(colon + 1)), found.address);
        await once(socket, 'connect', { signal: end });
      } catch (error) {
        socket.close();
        throw error;
      }
      const { context = '' } = source.version === '3' ? source : {};
      return new SnmpSession(source, socket, (dgramModule) => {
        const session = user
          ? library.createV3Session(found.address, user as User, {
              transport,
              context,
              dgramModule,
            })
          : library.createSession(found.address, community, { transport, version, dgramModule });
        return session as unknown as Session;
      });
    });
  }

  /** Sends one request and waits for its answer. After any failure but a SnmpRefusal the session is to be closed. */
  async exchange(request: SnmpRequest, patience: Patience, signal: AbortSignal): Promise<SnmpVariable[]> {
    const { address } = this.#source;
    const { promise, resolve, reject } = Promise.withResolvers<SnmpVariable[]>();
    const abandon = () => reject(new ReadError('timeout', `${address}: given up before the answer was there`));
    if (signal.aborted) abandon();
    signal.addEventListener('abort', abandon, { once: true });
    this.#fail = reject;
    this.#strays = 0;
    // at the end of a walk agents name an OID of their own choice
    const { timeout, retries } = patience;
    Object.assign(this.#session, { timeout, retries, reportOidMismatchErrors: request.pdu === 'get' });
    const done = (error: Error | null, answer: SnmpVariable[] = []) => (error ? reject(error) : resolve(answer));
    try {
      if (!signal.aborted) this.#send(request, done);
      const answer = await promise;
      const cut = answer.find(isCut);
      if (cut) throw new ReadError('protocol', `${address}, OID ${cut.oid}: the answer ends within the value`);
      return answer;
    } catch (error) {
      if (error instanceof Error && error.name === 'RequestTimedOutError')
        throw silence(this.#source, patience, this.#strays, this.#session.msgSecurityParameters !== undefined);
      throw snmpFault(this.#source, error);
    } finally {
      this.#fail = null;
      signal.removeEventListener('abort', abandon);
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.close();
  }

  #send(request: SnmpRequest, done: Done<SnmpVariable[]>): void {
    const session = this.#session;
    if (request.pdu === 'get') session.get(request.oids, done);
    else if (request.pdu === 'next') session.getNext([request.oid], done);
    else session.getBulk([request.oid], 0, request.repetitions, (error, lists) => done(error, lists?.[0]));
  }

  /**
   * net-snmp's own takes an unauthenticated answer to an authenticated request: RFC 3412, 7.2 (11) wants it refused,
   * or whoever can send a datagram writes the ledger.
   */
  #answered(request: Request, answer: Answer): void {
    const { address } = this.#source;
    const level = levelOf(this.#source);
    if ((level >= 1 && !answer.hasAuthentication()) || (level === 2 && !answer.hasPrivacy())) {
      const what = 'an answer without the security that it was asked with';
      return request.responseCb(new ReadError('protocol', `${address}: ${what}`));
    }
    const { errorStatus: status, errorIndex: index, varbinds } = answer.pdu;
    if (status > 0) return request.responseCb(new SnmpRefusal(address, status, varbinds[index - 1]?.oid));
    return request.feedCb(request, answer);
  }

  /** The socket as net-snmp uses it: addressed with every send, and never the cause of an uncaught exception. */
  #socketOf(socket: Socket): object {
    const receive = (listener: (bytes: Buffer) => void) => (bytes: Buffer) => {
      if (++this.#strays > MOST_STRAYS) {
        // a device that asks for new keys for ever, or a flood
        const words = `more than ${MOST_STRAYS} datagrams came that are no answer`;
        return this.#fail?.(new ReadError('protocol', `${this.#source.address}: ${words}`));
      }
      try {
        return listener(bytes);
      } catch {
        // an answer of a version or level that the session has no keys for
        return this.#fail?.(new ReadError('protocol', `${this.#source.address}: an unreadable answer`));
      }
    };
    return {
      ref: () => socket.ref(),
      unref: () => socket.unref(),
      close: () => this.close(),
      send: (bytes: Buffer, from: number, length: number, _port: number, _host: string, sent: Done<number>) =>
        // a request that is sent no more must not start its timer
        socket.send(bytes, from, length, (error) => sent(error ?? (this.#closed ? new Error('closed') : null))),
      on: (event: string, listener: (...args: unknown[]) => void) => {
        if (event === 'message') socket.on('message', receive(listener));
        // its listener of errors throws them away
        if (event === 'close') socket.on('close', listener);
      },
    };
  }
}
