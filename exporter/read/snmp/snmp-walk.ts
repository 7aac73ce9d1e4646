import { ReadError } from '../reader.ts';
import type { SnmpDevice } from './snmp-device.ts';
import { noSuchName, SnmpRefusal, tooBig } from './snmp-faults.ts';
import { compareOids, isWithin, plainOid } from './snmp-oid.ts';
import type { Patience } from './snmp-library.ts';
import { absence, snmpWire, type SnmpVariable } from './snmp-value.ts';

export interface WalkOptions {
  readonly patience: Patience;
  readonly signal: AbortSignal;
  /** @default 10,000 */
  readonly maxRows?: number;
  /** Rows that one answer may hold. @default 25 */
  readonly maxRepetitions?: number;
}

/** One line of a walk, as people read it: 'OID = type value'. */
export const rowText = (variable: SnmpVariable): string => `${variable.oid} = ${snmpWire(variable)}`;

/**
 * Everything at and below an OID, row by row as it comes: GETBULK, GETNEXT in SNMPv1. Each request is a turn of its own,
 * so that the device's meters are read in between.
 * @throws ReadError where an OID is not greater than the one before (such a walk would never end), and, after the last
 * row that was allowed, where there are more
 */
export async function* snmpWalk(device: SnmpDevice, root: string, options: WalkOptions): AsyncGenerator<SnmpVariable> {
  const { patience, signal, maxRows = 10_000, maxRepetitions = 25 } = options;
  const top = plainOid(root);
  let [last, rows] = [top, 0];
  for await (const row of rowsBehind(device, top, maxRepetitions, options)) {
    if (!isWithin(row.oid, top) || absence(row)) break;
    if (compareOids(row.oid, last) <= 0) {
      throw new ReadError('protocol', `${device.address}: OID ${row.oid} after ${last} is not increasing`);
    }
    if (rows === maxRows) throw new ReadError('too_large', `${device.address}: more than ${maxRows} rows below ${top}`);
    yield row;
    [last, rows] = [row.oid, rows + 1];
  }
  // nothing below: the OID may be that of a value itself
  if (rows === 0) yield* await valueAt(device, top, patience, signal);
}

/** Rows without end or check, until the device has no more. */
async function* rowsBehind(
  device: SnmpDevice,
  top: string,
  most: number,
  { patience, signal }: WalkOptions,
): AsyncGenerator<SnmpVariable> {
  let [at, repetitions] = [top, most];
  for (;;) {
    try {
      const answer = await device.next(at, repetitions, patience, signal);
      if (answer.length === 0)
        throw new ReadError('protocol', `${device.address}: an answer without a row behind ${at}`);
      yield* answer;
      at = answer.at(-1)?.oid ?? at;
    } catch (error) {
      if (!(error instanceof SnmpRefusal)) throw error;
      if (device.isV1 && error.status === noSuchName) return;
      if (error.status !== tooBig || repetitions === 1) throw error;
      repetitions = Math.ceil(repetitions / 2);
    }
  }
}

async function valueAt(device: SnmpDevice, oid: string, patience: Patience, signal: AbortSignal) {
  try {
    return (await device.get([oid], patience, signal)).filter((variable) => absence(variable) === undefined);
  } catch (error) {
    if (error instanceof SnmpRefusal && error.status === noSuchName) return [];
    throw error;
  }
}
