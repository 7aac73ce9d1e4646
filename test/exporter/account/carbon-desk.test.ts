import { expect, test } from 'vitest';
import { CarbonDesk } from '../../../exporter/account/carbon/carbon-desk.ts';
import { pueScopes, type PueScope } from '../../../exporter/account/pue/pue-sites.ts';
import type { Sides } from '../../../exporter/account/ledger/sides.ts';
import { HOUR } from '../../../exporter/account/pue/window.ts';
import { loadPlan } from '../../../model/load.ts';
import type { Fixed } from '../../../model/metrics/metric.ts';
import { flow, same, shares, sideMeter, terms, written } from './carbon-site.ts';
import { finish } from './finish.ts';

const MARCH = Date.parse('2026-03-01T00:00:00+08:00');

const exact = (value: number | Fixed): string =>
  typeof value === 'number' ? String(value) : `${value.units}e-${value.digits}`;

/** What the desk of a site says at the end of 24 written hours: 100 kWh/h from the grid, 80 kWh/h IT. */
function published(held: readonly object[]): string[] {
  const sides: Sides = { facility: [sideMeter('gate')], it: [sideMeter('it')], flows: [flow('gate')] };
  const site: PueScope = {
    id: 's',
    site: 's',
    hall: null,
    sides,
    category: '1',
    edition: 'e',
    validFrom: 0,
    graceMs: 120_000,
    profile: {
      id: 'p',
      name: { zh: '甲', en: 'A' },
      pue: 1.25,
      green_energy_share: null,
      rack_use_share: null,
      basis: 'b',
      confidence: 'memory',
    },
    gb40879: null,
    classOf: () => undefined,
  };
  const hall: PueScope = { ...site, id: 's/h', hall: 'h' };
  return written(MARCH, { gate: same(24, 100), it: same(24, 80) }, (book) => {
    const trees = { treesOf: () => [{ since: 0, sides }] };
    const desk = new CarbonDesk(book, trees, [site, hall], () => terms(shares(held)));
    finish(desk.count(MARCH + 24 * HOUR + 1000, -Infinity));
    const lines: string[] = [];
    desk.emit(({ name }, labels, value) => lines.push(`${name} ${Object.values(labels).join(' ')} ${exact(value)}`));
    return lines;
  });
}

test('publishes each window once for the site, and why another has none', () => {
  const lines = published([
    { site: 's', from: '2026-03-01T00:00:00+08:00', to: '2026-03-01T12:00:00+08:00', mwh: 1.5 },
  ]);
  expect(lines.filter((line) => / 24h | 30d | c1 /.test(line))).toEqual([
    'greenflops_carbon_window_kilograms s 24h location 1200000000e-6',
    'greenflops_carbon_window_kilograms s 24h market 600000000e-6',
    'greenflops_ref_ratio s 24h 0.5',
    'greenflops_cue_kilograms_per_kwh s 24h 0.625',
    'greenflops_carbon_unavailable s 30d young 1',
    'greenflops_certificate_used_joules s c1 green-certificate 4320000000000e-3',
    'greenflops_certificate_left_joules s c1 green-certificate usable 0e-3',
    'greenflops_certificate_left_joules s c1 green-certificate surplus 1080000000000e-3',
  ]);
});

test('a site without certificates says nothing of any', () => {
  expect(published([]).filter((line) => line.includes('certificate'))).toEqual([]);
});

test('the declaration says what each boundary meter counts, without the weight of its carrier, for the site alone', () => {
  const plan = loadPlan('plan');
  const gate = plan.estate.meters.find(
    ({ site, parent, role }) => site === 'nanchang' && role === 'facility' && !parent,
  );
  if (!gate) throw new Error('no boundary meter at nanchang');
  const burner = { ...gate, id: 'burner', carrier: 'gas' };
  const meters = [...plan.estate.meters, burner];
  const scopes = pueScopes({ ...plan, estate: { ...plan.estate, meters } }, ['nanchang'], MARCH);
  const flows = scopes.find(({ hall }) => hall === null)?.sides.flows ?? [];
  expect(
    flows.map(({ direction, carrier, sum }) => [direction, carrier, ...sum.meters.map((one) => one.weightMillionths)]),
  ).toEqual([
    ['import', 'electricity', 1_000_000],
    ['import', 'gas', 1_000_000],
  ]);
  expect(scopes.filter(({ hall, sides }) => hall !== null && sides.flows)).toEqual([]);
});
