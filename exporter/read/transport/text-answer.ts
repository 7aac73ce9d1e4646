import { ReadError } from '../reader.ts';
import type { Secrets } from './secrets.ts';

/** A text as it was received. */
export interface TextAnswer {
  readonly text: string;
  readonly contentType: string | null;
  /** true: a length, chunked coding or gzip's trailer proves that nothing is missing at the end. */
  readonly whole: boolean;
  /** What was sent for it, and must not be told. */
  readonly secrets: Secrets;
}

/** The same answer as it may be told; itself where it repeats no secret. */
export function withoutSecrets(answer: TextAnswer): TextAnswer {
  const text = answer.secrets.hide(answer.text);
  return text === answer.text ? answer : { ...answer, text };
}

export interface TextOptions {
  /** For the whole read, in ms. */
  readonly timeout: number;
  /**
   * Limit of the text's size in bytes, after decompression.
   * @default 64 MiB
   */
  readonly maxBytes?: number;
}
export const defaultMaxBytes = 64 * 2 ** 20;

/** A URL for people: without credentials, and without the query, which may hold a token. */
export const shown = (url: URL): string => `${url.protocol}//${url.host}${url.pathname}`;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** @throws ReadError 'empty' or 'protocol' (not UTF-8) */
export function decodeText(bytes: Uint8Array): string {
  if (bytes.length === 0) throw new ReadError('empty', 'the text is empty');
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new ReadError('protocol', 'the text is not UTF-8', { cause });
  }
}
