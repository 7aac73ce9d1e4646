import { ReadError } from '../reader.ts';

/** etcd takes 1.5 MiB an object by default; nobody sets more than a few. */
const MAX_OBJECT_BYTES = 8 * 2 ** 20;
/** What surrounds the objects is kind and metadata. */
const MAX_FRAME_BYTES = 64 * 2 ** 10;

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN = 0x7b;
const CLOSE = 0x7d;
/** A key of the list itself: a value is not followed by a colon, and in a longer key the quote would be escaped. */
const ITEMS = /[{,]\s*"items"\s*:\s*\[$/;
const isBlank = (byte: number): boolean => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);

/** Kind and metadata of a v1 list. */
export interface ListFrame {
  readonly kind?: string;
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
}

/**
 * Cuts the JSON of a Kubernetes list into its objects as the bytes come, so that neither the text nor the objects of a
 * page are ever there as a whole: memory and time at a stretch are those of one object, however large the list.
 */
export class ListItems {
  /** Inside of "items" */
  #within = false;
  #depth = 0;
  #string = false;
  #escaped = false;
  /** Of the object, or of the frame, that is not complete yet */
  #parts: Buffer[] = [];
  #size = 0;
  #around = '';

  /** The texts of the objects that end in these bytes. @throws ReadError 'protocol' or 'too_large' */
  *push(chunk: Buffer): Generator<string> {
    /** Where the bytes begin that are kept; -1 between two objects */
    let start = this.#within && this.#depth === 2 ? -1 : 0;
    for (let at = 0; at < chunk.length; at++) {
      if (this.#string) {
        at = this.#behindString(chunk, at);
        if (at === chunk.length) break;
      }
      const byte = chunk[at]!;
      if (start === -1 && byte !== OPEN && byte !== CLOSE_LIST && byte !== COMMA && !isBlank(byte))
        throw new ReadError('protocol', 'an item of the list is no object');
      if (byte === QUOTE) {
        this.#string = true;
      } else if (byte === OPEN || byte === OPEN_LIST) {
        this.#depth += 1;
        if (start === -1) start = at;
        if (byte === OPEN_LIST && this.#depth === 2) {
          this.#keep(chunk.subarray(start, at + 1), MAX_FRAME_BYTES);
          this.#around += this.#take();
          this.#within = ITEMS.test(this.#around);
          start = this.#within ? -1 : at + 1;
        }
      } else if (byte === CLOSE || byte === CLOSE_LIST) {
        this.#depth -= 1;
        if (this.#within && this.#depth === 2) {
          this.#keep(chunk.subarray(start, at + 1), MAX_OBJECT_BYTES);
          start = -1;
          yield this.#take();
        } else if (this.#within && this.#depth === 1) {
          this.#within = false;
          start = at;
        }
      }
    }
    if (start !== -1) this.#keep(chunk.subarray(start), this.#within ? MAX_OBJECT_BYTES : MAX_FRAME_BYTES);
  }

  /** Where a string goes on to that stands at `at`: behind its closing quote, or the end of the chunk. Most bytes are in strings. */
  #behindString(chunk: Buffer, from: number): number {
    let at = from;
    if (this.#escaped) at += 1;
    this.#escaped = false;
    for (; at < chunk.length; at++) {
      const byte = chunk[at];
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) {
        this.#string = false;
        return at + 1;
      }
    }
    this.#escaped = at > chunk.length;
    return chunk.length;
  }

  /** What stands around the objects. @throws ReadError 'protocol' where the list is not complete */
  frame(): ListFrame {
    if (this.#depth !== 0 || this.#string) throw new ReadError('protocol', 'the list ends before its end');
    return parsed(this.#around + this.#take()) as ListFrame;
  }

  #keep(bytes: Buffer, limit: number): void {
    if (bytes.length === 0) return;
    this.#size += bytes.length;
    if (this.#size > limit) throw new ReadError('too_large', `an object of more than ${limit} bytes`);
    this.#parts.push(bytes);
  }

  #take(): string {
    const text = this.#parts.length === 1 ? this.#parts[0]!.toString() : Buffer.concat(this.#parts).toString();
    this.#parts = [];
    this.#size = 0;
    return text;
  }
}

/** JSON of the API server. @throws ReadError 'protocol', with its beginning */
export function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new ReadError('protocol', `no JSON: ${JSON.stringify(json.slice(0, 120))}`, { cause });
  }
}
