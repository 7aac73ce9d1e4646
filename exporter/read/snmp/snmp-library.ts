import type { createV3Session } from 'net-snmp';
import type { SnmpSource } from '../../../model/schema/sources.ts';
import type { SnmpVariable } from './snmp-value.ts';

/** GET of several OIDs, GETNEXT or GETBULK of one: reads are all that exists here, nothing can write to plant. */
export type SnmpRequest =
  | { readonly pdu: 'get'; readonly oids: readonly string[] }
  | { readonly pdu: 'next'; readonly oid: string }
  | { readonly pdu: 'bulk'; readonly oid: string; readonly repetitions: number };

/** For each request of an exchange (a v3 session has one more, at its first): ms, and how often it is repeated. */
export type Patience = Pick<SnmpSource, 'timeout' | 'retries'>;

/** What @types/net-snmp asks of a user. */
export type User = Parameters<typeof createV3Session>[1];

/** A message of net-snmp. */
export interface Answer {
  readonly pdu: { readonly errorStatus: number; readonly errorIndex: number; readonly varbinds: SnmpVariable[] };
  hasAuthentication(): unknown;
  hasPrivacy(): unknown;
}
/** A request of net-snmp that waits for its answer. */
export interface Request {
  readonly responseCb: (error: unknown) => void;
  readonly feedCb: (request: Request, answer: Answer) => void;
}
export type Done<T> = (error: Error | null, answer?: T) => void;
/** A session of net-snmp, with what @types/net-snmp leaves out. */
export interface Session {
  timeout: number;
  retries: number;
  reportOidMismatchErrors: boolean;
  /** Known since a v3 device answered the discovery. */
  readonly msgSecurityParameters?: object;
  onSimpleGetResponse: (request: Request, answer: Answer) => void;
  get(oids: readonly string[], done: Done<SnmpVariable[]>): unknown;
  getNext(oids: readonly string[], done: Done<SnmpVariable[]>): unknown;
  getBulk(oids: readonly string[], once: number, repetitions: number, done: Done<SnmpVariable[][]>): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
}
