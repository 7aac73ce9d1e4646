import type { SnmpSource } from '../../../model/schema/sources.ts';
import type { Gateways } from '../gateways.ts';
import { ReadError } from '../reader.ts';
import { credentialsKey } from './snmp-credentials.ts';
import { SnmpRefusal, tooBig } from './snmp-faults.ts';
import type { Patience, SnmpRequest } from './snmp-library.ts';
import { SnmpSession } from './snmp-session.ts';
import type { SnmpVariable } from './snmp-value.ts';

/** The device that a source names, shared by all meters that ask it with the same credentials. */
export const snmpDevice = (source: SnmpSource, gateways: Gateways): SnmpDevice =>
  gateways.shared(`snmp ${source.address} ${credentialsKey(source)}`, () => new SnmpDevice(source));

/**
 * One SNMP agent: one session, opened at the first request and again after every failure of it, when the secrets are
 * read again. Turns run strictly one at a time, in the order in which they were asked for: many agents drop what comes
 * while they answer.
 */
export class SnmpDevice {
  readonly #source: SnmpSource;
  #session: SnmpSession | null = null;
  #lastTurn: Promise<unknown> = Promise.resolve();
  /** Ends the turn under way. */
  readonly #stop = new AbortController();
  /** What the device is known to answer at once. */
  #most = Infinity;

  constructor(source: SnmpSource) {
    this.#source = source;
  }

  get address(): string {
    return this.#source.address;
  }

  /** SNMPv1 has neither GETBULK nor an answer for part of the OIDs. */
  get isV1(): boolean {
    return this.#source.version === '1';
  }

  /**
   * The variables at these plain OIDs, in their order, by one GET; by more where the device says tooBig.
   * @throws ReadError
   */
  get(oids: readonly string[], patience: Patience, signal: AbortSignal): Promise<SnmpVariable[]> {
    return this.#turn(signal, (end) => this.#get(oids, patience, end));
  }

  /** What follows `oid`, by one GETBULK of at most so many repetitions (v1: GETNEXT). @throws ReadError */
  next(oid: string, repetitions: number, patience: Patience, signal: AbortSignal): Promise<SnmpVariable[]> {
    const request = this.isV1 ? ({ pdu: 'next', oid } as const) : ({ pdu: 'bulk', oid, repetitions } as const);
    return this.#turn(signal, (end) => this.#exchange(request, patience, end));
  }

  /** Ends the turn under way; those that wait fail without a request. */
  async close(): Promise<void> {
    this.#stop.abort();
    this.#session?.close();
    await this.#lastTurn;
  }

  #turn<T>(signal: AbortSignal, work: (end: AbortSignal) => Promise<T>): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const giveUp = () => reject(new ReadError('timeout', `${this.address}: given up while it waited for its turn`));
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    const turnBefore = this.#lastTurn;
    const turn = async () => {
      await turnBefore;
      signal.removeEventListener('abort', giveUp);
      if (signal.aborted) return;
      await work(AbortSignal.any([signal, this.#stop.signal])).then(resolve, reject);
    };
    this.#lastTurn = turn();
    return promise;
  }

  async #get(oids: readonly string[], patience: Patience, end: AbortSignal): Promise<SnmpVariable[]> {
    const [asked, rest] = [oids.slice(0, this.#most), oids.slice(this.#most)];
    try {
      const answer = await this.#exchange({ pdu: 'get', oids: asked }, patience, end);
      return rest.length === 0 ? answer : [...answer, ...(await this.#get(rest, patience, end))];
    } catch (error) {
      if (!(error instanceof SnmpRefusal && error.status === tooBig) || asked.length === 1) throw error;
      this.#most = Math.ceil(asked.length / 2);
      return this.#get(oids, patience, end);
    }
  }

  async #exchange(request: SnmpRequest, patience: Patience, end: AbortSignal): Promise<SnmpVariable[]> {
    this.#session ??= await SnmpSession.open(this.#source, end);
    try {
      return await this.#session.exchange(request, patience, end);
    } catch (error) {
      if (!(error instanceof SnmpRefusal)) {
        this.#session.close();
        this.#session = null;
      }
      throw error;
    }
  }
}
