import type { ModbusSource } from '../../../model/schema/sources.ts';
import { AduSplitter, encodeRequest, type Adu, type RegisterRequest } from './modbus-frame.ts';
import { encodeRtuRequest, RtuSplitter } from './modbus-rtu.ts';

/** How requests and answers stand on a TCP connection. */
export interface Framing {
  encode(transaction: number, request: RegisterRequest): Buffer;
  splitter(): { push(chunk: Buffer): Adu[] };
  /** After so many unanswered requests without one byte the connection is given up. */
  readonly silentRequests: number;
}

export const framings: Readonly<Record<ModbusSource['framing'], Framing>> = {
  // Two, for a late answer is known by its transaction; but a firewall may have forgotten the connection.
  tcp: { encode: encodeRequest, splitter: () => new AduSplitter(), silentRequests: 2 },
  // At once: a late answer could be taken for the next one.
  rtu: { encode: (_, request) => encodeRtuRequest(request), splitter: () => new RtuSplitter(), silentRequests: 1 },
};
