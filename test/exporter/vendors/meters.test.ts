import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { exporterMeters } from '../../../docs/devices/exporter-meters.ts';
import { Gateways, openMeter } from '../../../exporter/read/index.ts';
import type { Raw } from '../../../exporter/read/reader.ts';
import { loadPlan } from '../../../model/load.ts';
import { multiply, rational, type Rational } from '../../../model/rational.ts';
import { meter, type EnergyRegister, type Meter } from '../../../model/schema/meter.ts';
import { planFolder } from '../../plan-folder.ts';

const never = new AbortController().signal;
const textOf = (id: string): string => readFileSync(join(import.meta.dirname, 'meters', `${id}.prom`), 'utf8');
const declarations = (id: string): Record<string, unknown>[] =>
  parse(exporterMeters.find((one) => one.id === id)?.yaml ?? '');

const server = createServer((request, response) => {
  const id = new URL(request.url ?? '', 'http://x').pathname.slice(1);
  response.setHeader('content-type', 'text/plain; version=0.0.4');
  response.end(textOf(id));
});
let base = '';
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

/** A declaration of the page, asking this server instead of its example host; `registers` in the place of its own. */
function declared(id: string, index: number, registers?: object): Meter {
  const row = declarations(id)[index];
  if (!row) throw new Error(`no declaration ${id} ${index}`);
  return meter.parse({
    ...row,
    source: { ...(row['source'] as object), url: `${base}/${id}` },
    ...(registers ? { registers } : {}),
  });
}

const joules = (register: EnergyRegister | undefined, raw: Raw | undefined): Rational | null => {
  const scale = register?.scale_to_j ?? (register?.scale_to_wh && multiply(register.scale_to_wh, rational(3600)));
  return raw?.value && scale ? multiply(raw.value, scale) : null;
};
/** Lowest terms, so that numbers can be written down by hand. */
function plain(value: Rational | null): string | null {
  if (value === null) return null;
  let [a, b] = [value.n < 0n ? -value.n : value.n, value.d];
  while (b !== 0n) [a, b] = [b, a % b];
  return value.d === a ? `${value.n / a}` : `${value.n / a}/${value.d / a}`;
}

/** Joules (each tariff's own, where registers add up) and watts, exactly, through the reader that the exporter uses. */
async function read(one: Meter): Promise<{ joules: (string | null)[]; watts: string | null }> {
  const reader = openMeter(one, new Gateways());
  try {
    const { energy, tariffs, power } = await reader.read(never);
    const { registers } = one;
    const scale = registers.power && 'scale_to_w' in registers.power ? registers.power.scale_to_w : null;
    return {
      joules: tariffs
        ? tariffs.map((raw, i) => plain(joules(registers.tariffs?.[i], raw)))
        : energy
          ? [plain(joules(registers.energy, energy))]
          : [],
      watts: power?.value && scale ? plain(multiply(power.value, scale)) : null,
    };
  } finally {
    await reader.close();
  }
}

describe("other exporters' numbers as meters, as the page declares them", () => {
  test.each([
    ['ceems', 0, [], '397'],
    ['ceems', 1, [], '5312'],
    ['ipmi', 0, [], '1400'],
    // 16,554.4 kWh x 3.6e6
    ['cmg', 0, ['59595840000'], '707'],
    // 170,982 tenths of a kWh x 3.6e5; 214 hundredths of a kW
    ['snmp', 0, ['61553520000'], '2140'],
    // package and dram, not core
    ['kepler', 0, ['1500000123456789/1000000000', '2000001/8'], null],
    // 2^53 + 1 microjoules; 123.456789 W
    ['scaphandre', 0, ['9007199254740993/1000000'], '123456789/1000000'],
    // 36,000,000 mJ and 420 W of the board, once; 7.5e9 uJ of the partition that says it
    ['accelerators', 0, ['36000'], '420'],
    ['accelerators', 1, ['7500'], null],
  ])('%s %d', async (id, index, expected, watts) => {
    expect(await read(declared(id, index))).toEqual({ joules: expected, watts });
  });

  test('every declaration of the page is read here', () => {
    const rows = exporterMeters.map(({ id }) => [id, declarations(id).length]);
    expect(rows).toEqual([
      ['ceems', 2],
      ['ipmi', 1],
      ['cmg', 1],
      ['snmp', 1],
      ['kepler', 1],
      ['scaphandre', 1],
      ['accelerators', 2],
    ]);
  });

  test('a declaration with all of them is without a fault', () => {
    const shipped = readFileSync(join(import.meta.dirname, '../../../plan/estate.yaml'), 'utf8');
    const estate = parse(shipped);
    estate.meters.push(...exporterMeters.flatMap(({ id }) => declarations(id)));
    const folder = planFolder('');
    try {
      writeFileSync(join(folder.dir, 'estate.yaml'), stringify(estate));
      expect(loadPlan(folder.dir).estate.meters.find(({ id }) => id === 'node-1-cpu')?.parent).toBe('node-1');
    } finally {
      folder.remove();
    }
  });
});

describe('what would be added up, or guessed, is refused with the samples named', () => {
  test.each([
    [
      'zones of Kepler',
      'kepler',
      { metric: 'kepler_node_cpu_joules_total', scale_to_j: 1, modulus: 'none' },
      /3 samples instead of 1 for kepler_node_cpu_joules_total.*core.*dram.*package/,
    ],
    [
      'slices of one card',
      'accelerators',
      { metric: 'DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION', labels: { UUID: 'GPU-9' }, scale_to_j: 0.001, modulus: 'none' },
      /3 samples instead of 1/,
    ],
    [
      'a rack that is not there',
      'cmg',
      { metric: 'pdu_total_energy', labels: { rack: 's99' }, scale_to_wh: 1000, modulus: 'none' },
      /0 samples instead of 1.*2 of this name.*s12/,
    ],
  ])('%s', async (_, id, energy, message) => {
    await expect(read(declared(id, 0, { energy }))).rejects.toThrow(message);
  });

  test('a sensor without a number is no reading', async () => {
    const power = { metric: 'ipmi_power_watts', scale_to_w: 1 };
    expect(await read(declared('ipmi', 0, { power }))).toEqual({ joules: [], watts: null });
  });
});
