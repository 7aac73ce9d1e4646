import { ReadError, type ReadFailure } from '../reader.ts';

/**
 * Frames of Modbus TCP (MODBUS Messaging on TCP/IP 1.0b, MODBUS Application Protocol 1.1b3).
 * Read Holding Registers and Read Input Registers are the only functions that exist here: nothing can write to plant.
 */
export const readFunctions = [3, 4] as const;
export type ReadFunction = (typeof readFunctions)[number];

/** One read of `count` registers of 16 bits from `address` (PDU address, from 0) of the device `unit`. */
export interface RegisterRequest {
  readonly unit: number;
  readonly function: ReadFunction;
  readonly address: number;
  readonly count: number;
}

/** An ADU's transaction, unit id, and its PDU: function code and data. */
export interface Adu {
  /** null: RTU has none, so an answer is to the request under way */
  readonly transaction: number | null;
  readonly unit: number;
  readonly pdu: Buffer;
}

/** Transaction, protocol and length, 2 bytes each; the unit id is counted by the length. */
const HEADER = 6;
/** Unit id and PDU: an ADU has 260 bytes at most, one PDU byte at least. */
const [SHORTEST, LONGEST] = [2, 254] as const;
/** MODBUS Application Protocol 6.3 and 6.4: quantity of registers. */
const MOST_REGISTERS = 125;

/** MODBUS Application Protocol, section 7. */
const exceptions: Readonly<Record<number, readonly [string, ReadFailure]>> = {
  1: ['illegal function', 'protocol'],
  2: ['illegal data address', 'protocol'],
  3: ['illegal data value', 'protocol'],
  4: ['server device failure', 'protocol'],
  5: ['acknowledge', 'protocol'],
  6: ['server device busy', 'protocol'],
  8: ['memory parity error', 'protocol'],
  10: ['gateway path unavailable', 'unreachable'],
  11: ['gateway target device failed to respond', 'unreachable'],
};

/**
 * Unit id, function code, address and count: what both framings send.
 * @throws RangeError for any function but 3 and 4, and for a range that no device can answer
 */
export function requestBody({ unit, function: code, address, count }: RegisterRequest): Buffer {
  if (!readFunctions.includes(code))
    throw new RangeError(`Modbus function ${code} is not one of ${readFunctions.join(', ')}`);
  const whole = Number.isInteger(address) && Number.isInteger(count);
  if (!(whole && address >= 0 && count >= 1 && count <= MOST_REGISTERS && address + count <= 65_536)) {
    throw new RangeError(`no device can answer ${count} registers from ${address}: 1 to ${MOST_REGISTERS} below 65536`);
  }
  const body = Buffer.alloc(6);
  body.writeUInt8(unit, 0);
  body.writeUInt8(code, 1);
  body.writeUInt16BE(address, 2);
  body.writeUInt16BE(count, 4);
  return body;
}

/** @throws RangeError as `requestBody` */
export function encodeRequest(transaction: number, request: RegisterRequest): Buffer {
  const body = requestBody(request);
  const header = Buffer.alloc(HEADER);
  header.writeUInt16BE(transaction, 0);
  header.writeUInt16BE(body.length, 4);
  return Buffer.concat([header, body]);
}

/** Cuts a stream of bytes, however it was split, into ADUs. After an error the stream is lost: there is no resync. */
export class AduSplitter {
  #pending: Buffer = Buffer.alloc(0);

  /** @throws ReadError 'protocol' where the bytes are no Modbus TCP */
  push(chunk: Buffer): Adu[] {
    let bytes = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    const adus: Adu[] = [];
    while (bytes.length >= HEADER) {
      const protocol = bytes.readUInt16BE(2);
      const length = bytes.readUInt16BE(4);
      if (protocol !== 0) throw new ReadError('protocol', `protocol id ${protocol} instead of 0: ${hex(bytes)}`);
      if (length < SHORTEST || length > LONGEST) {
        throw new ReadError('protocol', `length ${length} not within ${SHORTEST} to ${LONGEST}: ${hex(bytes)}`);
      }
      const end = HEADER + length;
      if (bytes.length < end) break;
      adus.push({ transaction: bytes.readUInt16BE(0), unit: bytes.readUInt8(6), pdu: bytes.subarray(7, end) });
      bytes = bytes.subarray(end);
    }
    this.#pending = bytes;
    return adus;
  }
}

/** A device's refusal: the answer is well-formed, the connection stays good. */
export class ModbusException extends ReadError {
  override name = 'ModbusException';
}

/**
 * The register bytes of the answer to `request`, as they stood on the wire.
 * @throws ModbusException, or ReadError 'protocol' where it is no answer to this request
 */
export function decodeAnswer({ unit, pdu }: Adu, request: RegisterRequest): Buffer {
  const wrong = (what: string) => new ReadError('protocol', `${what}: ${hex(pdu)}`);
  if (unit !== request.unit) throw wrong(`unit ${unit} answered instead of unit ${request.unit}`);
  const [code = 0, second = 0] = pdu;
  if (code === request.function + 0x80) {
    if (pdu.length !== 2) throw wrong('an exception of the wrong length');
    const [name, failure] = exceptions[second] ?? ['unknown', 'protocol'];
    // Makers' tables count registers from 1.
    throw new ModbusException(failure, `register ${request.address + 1} answered exception ${second}: ${name}`);
  }
  if (code !== request.function) throw wrong(`function ${code} in the answer instead of ${request.function}`);
  const expected = 2 * request.count;
  if (second !== expected || pdu.length !== 2 + expected) {
    throw wrong(`${second} bytes announced, ${Math.max(0, pdu.length - 2)} sent, ${expected} expected`);
  }
  return pdu.subarray(2);
}

const hex = (bytes: Buffer) => bytes.subarray(0, 32).toString('hex');
