import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

interface Engine {
  readonly engineID: Buffer;
}
/** What net-snmp does with a privacy protocol; the second argument is the protocol's own number. */
interface Privacy {
  encryptPdu(pdu: Buffer, _: number, password: string, auth: number, engine: Engine): object;
  decryptPdu(pdu: Buffer, _: number, salt: Buffer, password: string, auth: number, engine: Engine): Buffer;
}
interface Library {
  readonly Authentication: { passwordToKey(auth: number, password: string, engineId: Buffer): Buffer };
  readonly Encryption: { readonly algorithms: Record<number, Privacy> };
}

const DES = 2;
const BLOCK = 8;

/**
 * CBC-DES (RFC 3414, 8) for net-snmp. Its own asks OpenSSL for des-cbc, which OpenSSL 3 has no more; triple DES with the
 * same key three times is the same cipher, and is there. Old PDUs know no other privacy.
 */
export function provideDes(library: object): void {
  const { Authentication: authentication, Encryption: encryption } = library as Library;
  const keyAndIv = (password: string, auth: number, { engineID }: Engine, salt: Buffer) => {
    const localized = authentication.passwordToKey(auth, password, engineID);
    const key = localized.subarray(0, BLOCK);
    const iv = localized.subarray(BLOCK, 2 * BLOCK).map((byte, at) => byte ^ (salt[at] ?? 0));
    return [Buffer.concat([key, key, key]), iv] as const;
  };
  Object.assign(encryption.algorithms[DES]!, {
    encryptPdu(pdu, _, password, auth, engine) {
      // 8.1.1.1: a boot counter, which a client that keeps nothing has not, and a number that no other message has
      const salt = Buffer.concat([Buffer.from([0, 0, 0, 1]), randomBytes(4)]);
      const cipher = createCipheriv('des-ede3-cbc', ...keyAndIv(password, auth, engine, salt)).setAutoPadding(false);
      const whole = Buffer.concat([pdu, Buffer.alloc((BLOCK - (pdu.length % BLOCK)) % BLOCK)]);
      return { encryptedPdu: Buffer.concat([cipher.update(whole), cipher.final()]), msgPrivacyParameters: salt };
    },
    decryptPdu(pdu, _, salt, password, auth, engine) {
      const cipher = createDecipheriv('des-ede3-cbc', ...keyAndIv(password, auth, engine, salt)).setAutoPadding(false);
      return Buffer.concat([cipher.update(pdu), cipher.final()]);
    },
  } satisfies Privacy);
}
