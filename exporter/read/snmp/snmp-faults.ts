import type { SnmpSource } from '../../../model/schema/sources.ts';
import { ReadError, type ReadFailure } from '../reader.ts';
import { levelOf, levels } from './snmp-credentials.ts';
import type { Patience } from './snmp-library.ts';

/** error-status of RFC 3416, 3 (and RFC 1157, 4.1.2), those that an agent may answer a read with. */
const statuses: Readonly<Record<number, string>> = {
  1: 'tooBig: the answer does not fit in one datagram',
  2: 'noSuchName: the device has no such object',
  5: 'genErr: the device failed to read it',
  6: 'noAccess: the device does not show it to this community or user',
  13: 'resourceUnavailable: the device is overloaded',
  16: 'authorizationError: the device does not allow it to this community or user',
};
export const tooBig = 1;
export const noSuchName = 2;

/** A device's refusal: the answer is well-formed, the session stays good. */
export class SnmpRefusal extends ReadError {
  override name = 'SnmpRefusal';
  readonly status: number;

  /** @param oid at which the device stopped, where it said so */
  constructor(address: string, status: number, oid: string | undefined) {
    const at = oid === undefined ? '' : `, OID ${oid}`;
    super('protocol', `${address}${at}: ${statuses[status] ?? `error status ${status}`}`);
    this.status = status;
  }
}

/** usmStats of RFC 3414, 5, by net-snmp's words for them: what the operator is to look at. */
const usm: readonly (readonly [begin: string, words: (level: string) => string])[] = [
  [
    'Unsupported Security Level',
    (level) => `the device does not let this user in with ${level}: check auth and privacy`,
  ],
  [
    'Not In Time Window',
    () => 'the device says that our time of its engine is wrong: it was restarted, or repeats itself',
  ],
  ['Unknown User Name', () => 'the device does not know this user'],
  ['Unknown Engine ID', () => 'the device does not know its own engine id: it was restarted, or another one answers'],
  ['Wrong Digest', () => 'wrong digest, authentication failed: check auth_password_file and auth'],
  ['Authentication digest', () => 'wrong digest in the answer: check auth_password_file and auth'],
  ['Decryption Error', () => 'decryption failed at the device: check privacy_password_file and privacy'],
  ['Failed to decrypt', () => 'the answer cannot be decrypted: check privacy_password_file and privacy'],
  [
    'Message with engineBoots',
    () => "the device's restart counter or engine time went back: the next read begins anew",
  ],
];

/** net-snmp's ResponseInvalidCode. Its own messages hold communities, digests and keys: they are never passed on. */
const invalid: Readonly<Record<number, string>> = {
  2: 'an answer with a value of an unknown type',
  3: 'an answer of an unknown kind',
  6: 'the answer is about other OIDs than those asked for',
  9: 'an answer of another SNMP version',
  10: 'an answer with another community',
  11: 'a report instead of an answer',
};

const codes: Readonly<Record<string, readonly [ReadFailure, string]>> = {
  ECONNREFUSED: ['refused', 'nothing listens at this UDP port'],
  EHOSTUNREACH: ['unreachable', 'no route to the host'],
  ENETUNREACH: ['unreachable', 'no route to the network'],
  EMSGSIZE: ['protocol', 'the request does not fit in one datagram'],
};

/** What net-snmp or the socket failed with, as a ReadError. Neither its text nor itself is kept: both may hold secrets. */
export function snmpFault(source: SnmpSource, error: unknown): ReadError {
  if (error instanceof ReadError) return error;
  const { address } = source;
  const { message = '', code } = error instanceof Error ? (error as Error & { code?: string | number }) : {};
  const words = usm.find(([begin]) => message.startsWith(begin))?.[1];
  if (source.version === '3' && words) {
    const level = levels[levelOf(source)];
    return new ReadError('protocol', `${address}: SNMPv3 user ${source.user}: ${words(level)}`);
  }
  const known = codes[String(code)];
  if (known) return new ReadError(known[0], `${address}: ${known[1]}`);
  return new ReadError('protocol', `${address}: ${invalid[Number(code)] ?? `an unreadable answer${errno(code)}`}`);
}

const errno = (code: unknown) => (typeof code === 'string' ? ` (${code})` : '');

/**
 * The words for no answer, with what may be the reason.
 * @param strays datagrams that came meanwhile
 * @param discovered a v3 device told its engine
 */
export function silence(
  source: SnmpSource,
  { timeout, retries }: Patience,
  strays: number,
  discovered: boolean,
): ReadError {
  const { address, version } = source;
  const hints = [
    // of a v3 device the first datagram tells its engine
    ...(strays > 0 && version !== '3' ? [`${strays} datagrams came that are no answer to them`] : []),
    ...(version === '3' ? [] : ['a wrong community is not answered either']),
    ...(discovered && levelOf(source) === 2
      ? ['the device answered the discovery: check privacy_password_file and privacy']
      : []),
  ];
  const requests = retries === 0 ? '1 request' : `${retries + 1} requests`;
  const said = [`no answer from ${address} within ${timeout} ms (${requests})`, ...hints].join('; ');
  return new ReadError('timeout', said);
}
