import { ReadError } from '../reader.ts';

/**
 * Frames of DL/T 645-2007 (section 5, data link layer): FE..., 68H, address A0..A5, 68H, control code C, length L,
 * data with 33H added to each byte, checksum CS, 16H. Read Data is the only command that exists here: nothing can write
 * to a meter.
 */
const [START, END, WAKE, OFFSET] = [0x68, 0x16, 0xfe, 0x33] as const;
export const readData = 0x11;
/** From the first 68H to the length, and the checksum and 16H behind the data. */
const [HEADER, TRAILER] = [10, 2] as const;
/** 5.2.5: bytes of data in the answer to a read. */
const MOST_DATA = 200;

/** One item of one meter. */
export interface ItemRequest {
  /** 12 digits */
  readonly meter: string;
  /** DI3..DI0 in hex, upper case */
  readonly identifier: string;
}

export interface Frame {
  /** A5..A0 in hex: a meter's 12 digits */
  readonly meter: string;
  readonly control: number;
  /** 33H taken off */
  readonly data: Buffer;
}

/** Both stand on the wire with their last byte first. */
const reversed = (hexText: string): Buffer => Buffer.from(hexText, 'hex').reverse();
const sum = (bytes: Uint8Array): number => bytes.reduce((total, byte) => (total + byte) & 0xff, 0);
/** Adds or takes off 33H. */
const shifted = (bytes: Uint8Array, by: number): Buffer => Buffer.from(bytes.map((byte) => (byte + by) & 0xff));

/**
 * The command that reads one item, with four bytes FEH that wake the meter up (5.2.1).
 * @throws RangeError for an address that is not one meter's 12 digits, or an identifier that is not 8 hex digits
 */
export function encodeRead({ meter, identifier }: ItemRequest): Buffer {
  if (!/^\d{12}$/.test(meter)) throw new RangeError(`${meter} is not the 12 digits of one meter`);
  if (!/^[0-9A-F]{8}$/.test(identifier)) throw new RangeError(`${identifier} is no data identifier`);
  const data = shifted(reversed(identifier), OFFSET);
  const body = Buffer.concat([
    Buffer.from([START]),
    reversed(meter),
    Buffer.from([START, readData, data.length]),
    data,
  ]);
  return Buffer.concat([Buffer.alloc(4, WAKE), body, Buffer.from([sum(body), END])]);
}

/** The bytes of the frame that begins at `at`; 'short' where they may still come, null where none begins. */
function frameAt(bytes: Buffer, at: number): Buffer | 'short' | null {
  if (bytes[at] !== START) return null;
  const candidate = bytes.subarray(at);
  if (candidate.length > 7 && candidate[7] !== START) return null;
  const length = candidate[9] ?? 0;
  if (length > MOST_DATA) return null;
  const end = HEADER + length + TRAILER;
  if (candidate.length < end) return 'short';
  const [checksum, last] = candidate.subarray(end - TRAILER, end);
  return checksum === sum(candidate.subarray(0, end - TRAILER)) && last === END ? candidate.subarray(0, end) : null;
}

/** Finds frames in a stream of bytes, however it was split, and whatever stands between them. */
export class FrameSplitter {
  #pending: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): Frame[] {
    const bytes = Buffer.concat([this.#pending, chunk]);
    const frames: Frame[] = [];
    /** Where the first frame begins that is not all there: noise may look like it, so that the search goes on. */
    let short: number | null = null;
    let at = 0;
    while (at < bytes.length) {
      const frame = frameAt(bytes, at);
      if (frame === 'short') short ??= at;
      if (frame === null || frame === 'short') {
        at += 1;
        continue;
      }
      const meter = Buffer.from(frame.subarray(1, 7)).reverse().toString('hex').toUpperCase();
      const data = shifted(frame.subarray(HEADER, -TRAILER), -OFFSET);
      frames.push({ meter, control: frame.readUInt8(8), data });
      at += frame.length;
      short = null;
    }
    // A frame has 212 bytes at most, so that no more than that is kept.
    this.#pending = short === null ? Buffer.alloc(0) : bytes.subarray(short);
    return frames;
  }
}

/** A meter's refusal: the answer is well-formed, the connection stays good. */
export class MeterException extends ReadError {
  override name = 'MeterException';
}

/** The standard's table of error words, from bit 0. */
const refusals = [
  'another error',
  'it has no such data',
  'wrong password or no right',
  'the line speed cannot be changed',
  'too many year zones',
  'too many day periods',
  'too many tariffs',
] as const;

/**
 * The item's bytes in the answer to `request`, last byte first as they came; null where the frame is no answer to it:
 * its echo by a half-duplex converter, another meter's or another item's.
 * @throws MeterException, or ReadError 'protocol' where the meter answers with more than one frame
 */
export function decodeAnswer({ meter, control, data }: Frame, { identifier, ...asked }: ItemRequest): Buffer | null {
  if (meter !== asked.meter) return null;
  if (control === (readData | 0xc0)) {
    const word = data[0] ?? 0;
    const told = refusals.filter((_, bit) => (word >> bit) & 1);
    throw new MeterException(
      'protocol',
      `item ${identifier} answered error ${word.toString(16).padStart(2, '0').toUpperCase()}H: ${told.join(', ') || 'unknown'}`,
    );
  }
  if (!data.subarray(0, 4).equals(reversed(identifier))) return null;
  if (control === (readData | 0xa0)) {
    throw new ReadError('protocol', `item ${identifier} is a block of several frames: ask for its items one by one`);
  }
  return control === (readData | 0x80) ? data.subarray(4) : null;
}
