import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { SnmpSource } from '../../../model/schema/sources.ts';
import { ReadError } from '../reader.ts';

/** What net-snmp wants to know of a user (RFC 3414). */
export interface SnmpUser {
  readonly name: string;
  readonly level: number;
  readonly authProtocol?: number;
  readonly authKey?: string;
  readonly privProtocol?: number;
  readonly privKey?: string;
}

/** A user or a community: the other one is null. */
export interface SnmpCredentials {
  readonly user: SnmpUser | null;
  readonly community: string | null;
}

/** net-snmp's own numbers. */
const authProtocols = { md5: 2, sha: 3, sha224: 4, sha256: 5, sha384: 6, sha512: 7 } as const;
const privProtocols = { des: 2, aes: 4, aes256b: 6, aes256r: 8 } as const;
/** Index: how many of authentication and privacy are declared. */
export const levels = ['noAuthNoPriv', 'authNoPriv', 'authPriv'] as const;

/** How many of authentication and privacy are declared: 0, 1, 2. */
export function levelOf(source: SnmpSource): 0 | 1 | 2 {
  if (source.version !== '3' || source.auth === undefined) return 0;
  return source.privacy === undefined ? 1 : 2;
}

/** Reads the secrets of a source. @throws ReadError that names the declaration's key, never what stands in the file */
export async function readCredentials(source: SnmpSource): Promise<SnmpCredentials> {
  if (source.version !== '3') {
    const { community, community_file: file } = source;
    const known = file === undefined ? (community ?? 'public') : await secret('community_file', file);
    return { user: null, community: known };
  }
  const { user: name, auth, auth_password_file: authFile, privacy, privacy_password_file: privFile } = source;
  if (privacy && !auth) throw new ReadError('protocol', 'privacy is declared without auth: SNMPv3 has none without it');
  const keys = {
    ...(auth && { authProtocol: authProtocols[auth], authKey: await secret('auth_password_file', authFile) }),
    ...(privacy && { privProtocol: privProtocols[privacy], privKey: await secret('privacy_password_file', privFile) }),
  };
  return { user: { name, level: levelOf(source) + 1, ...keys }, community: null };
}

/** What tells one set of credentials from another at the same device, without a secret. */
export function credentialsKey(source: SnmpSource): string {
  if (source.version === '3') {
    const { user, auth, auth_password_file: authFile, privacy, privacy_password_file: privFile, context } = source;
    return JSON.stringify(['3', user, auth, authFile, privacy, privFile, context]);
  }
  const { version, community, community_file: file } = source;
  const digest = createHash('sha256').update(community ?? '');
  return JSON.stringify([version, file, digest.digest('hex').slice(0, 12)]);
}

/** RFC 3414, 11.2: a password has 8 characters at least; agents refuse shorter ones. */
const SHORTEST_PASSWORD = 8;

async function secret(key: string, path: string | undefined): Promise<string> {
  if (path === undefined) throw new ReadError('protocol', `${key} is not declared`);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    const { code = '' } = cause as NodeJS.ErrnoException;
    throw new ReadError('unreachable', `${key}: ${path} cannot be read (${code})`, { cause });
  }
  const line = text.replace(/\r?\n$/, '');
  if (line === '') throw new ReadError('protocol', `${key}: ${path} is empty`);
  if (key !== 'community_file' && line.length < SHORTEST_PASSWORD) {
    throw new ReadError('protocol', `${key}: ${path} holds fewer than ${SHORTEST_PASSWORD} characters`);
  }
  return line;
}
