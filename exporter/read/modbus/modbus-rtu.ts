import { ReadError } from '../reader.ts';
import { readFunctions, requestBody, type Adu, type RegisterRequest } from './modbus-frame.ts';

/**
 * Frames of the serial line (MODBUS over Serial Line 1.02, 2.5.1) sent as they are over TCP: unit id, PDU, CRC. On the
 * line silence ends a frame; TCP has none, so that an answer's length follows from its function code and byte count.
 */
const CRC_BYTES = 2;
const EXCEPTION_BYTES = 3 + CRC_BYTES;
/** 125 registers */
const MOST_BYTES = 250;

/** CRC-16 of the same document, 2.5.1.2: polynomial A001H, begun with FFFFH, on the wire low byte first. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return crc;
}

/** A frame: unit id and PDU, and the CRC of both. */
function withCrc(body: Buffer): Buffer {
  const crc = Buffer.alloc(CRC_BYTES);
  crc.writeUInt16LE(crc16(body));
  return Buffer.concat([body, crc]);
}

/** @throws RangeError as `requestBody` */
export const encodeRtuRequest = (request: RegisterRequest): Buffer => withCrc(requestBody(request));

/** Bytes of the answer that begins so; null where its first three bytes have not come. */
function lengthOf(bytes: Buffer): number | null {
  if (bytes.length < 3) return null;
  const code = bytes.readUInt8(1);
  if (readFunctions.some((known) => code === known + 0x80)) return EXCEPTION_BYTES;
  if (!readFunctions.some((known) => code === known)) {
    throw new ReadError('protocol', `function ${code} in the answer: ${hex(bytes)}`);
  }
  const count = bytes.readUInt8(2);
  if (count < 2 || count > MOST_BYTES || count % 2 === 1) {
    throw new ReadError('protocol', `${count} register bytes in the answer: ${hex(bytes)}`);
  }
  return 3 + count + CRC_BYTES;
}

/** Puts one answer together from a stream of bytes, however it was split. After an error the stream is lost. */
export class RtuSplitter {
  #pending: Buffer = Buffer.alloc(0);

  /** @throws ReadError 'protocol' where the bytes are no RTU answer, or more than one */
  push(chunk: Buffer): Adu[] {
    this.#pending = Buffer.concat([this.#pending, chunk]);
    const bytes = this.#pending;
    const length = lengthOf(bytes);
    if (length === null || bytes.length < length) return [];
    // What follows an answer was not asked for: with no transaction id nobody can tell which of the two was.
    if (bytes.length > length) {
      throw new ReadError('protocol', `${bytes.length - length} bytes after the end of the answer: ${hex(bytes)}`);
    }
    const [body, sent] = [bytes.subarray(0, -CRC_BYTES), bytes.readUInt16LE(length - CRC_BYTES)];
    const crc = crc16(body);
    if (crc !== sent) {
      const [told, right] = [sent, crc].map((one) => one.toString(16).padStart(4, '0'));
      throw new ReadError('protocol', `CRC ${told} instead of ${right}: ${hex(bytes)}`);
    }
    this.#pending = Buffer.alloc(0);
    return [{ transaction: null, unit: body.readUInt8(0), pdu: body.subarray(1) }];
  }
}

const hex = (bytes: Buffer) => bytes.subarray(0, 32).toString('hex');
