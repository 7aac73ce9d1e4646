import assert from 'node:assert/strict';
import { Gateways, openMeter } from '../../../exporter/read/index.ts';
import type { MeterAnswer } from '../../../exporter/read/reader.ts';
import { snmpDevice } from '../../../exporter/read/snmp/snmp-device.ts';
import { rowText, snmpWalk } from '../../../exporter/read/snmp/snmp-walk.ts';
import { compare, parseDecimal, type Rational } from '../../../model/rational.ts';
import { meter } from '../../../model/schema/meter.ts';
import { snmpSource } from '../../../model/schema/sources.ts';

export const never = new AbortController().signal;

export async function readMeter(address: string, source: object, registers: object): Promise<MeterAnswer> {
  const declared = { protocol: 'snmp', address, timeout: '1s', retries: 0, ...source };
  const gateways = new Gateways();
  try {
    const one = meter.parse({ id: 'peer', site: 's', role: 'it', rated_kw: 100, source: declared, registers });
    return await openMeter(one, gateways).read(never);
  } finally {
    await gateways.close();
  }
}

export async function walk(address: string, source: object, oid: string): Promise<string[]> {
  const declared = snmpSource.parse({ protocol: 'snmp', address, ...source });
  const gateways = new Gateways();
  const rows: string[] = [];
  try {
    const device = snmpDevice(declared, gateways);
    const options = { patience: declared, signal: never, maxRows: 1_000_000 };
    for await (const row of snmpWalk(device, oid, options)) rows.push(rowText(row));
    return rows;
  } finally {
    await gateways.close();
  }
}

export const isSame = (value: Rational | null | undefined, decimal: string): void => {
  const expected = parseDecimal(decimal);
  assert.ok(value && expected && compare(value, expected) === 0, `${value?.n}/${value?.d} instead of ${decimal}`);
};
/** '.1.3.6.1 = Counter32: 12' or '… = STRING: "12.5"' -> '12', '12.5' */
export const shownValues = (output: string): string[] =>
  output
    .trim()
    .split('\n')
    .map((line) => line.replace(/^.*?: "?/, '').replace(/"$/, ''));

/** OIDs are compared, not values: an uptime runs. */
export const oidsOf = (rows: readonly string[]) => rows.map((row) => row.split(' ', 1)[0]?.replace(/^\./, ''));
