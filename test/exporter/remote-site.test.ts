import { expect, test } from 'vitest';
import type { Accountant } from '../../exporter/account/ledger/accountant.ts';
import type { ExpositionSample } from '../../exporter/read/reader.ts';
import { remoteMetrics, RemoteSite } from '../../exporter/remote-site.ts';

const ENERGY = 'greenflops_site_energy_joules_total';
const RATIO = 'greenflops_pue_energy_joules';
const accountant = { note: () => {} } as unknown as Accountant;

const sample = (name: string, value: number, more: Record<string, string>): ExpositionSample => {
  return { name, labels: { site: 's', ...more }, text: String(value), timestamp: null };
};
/** What one server of a pair says. */
const copy = (replica: string, joules: number, facility: number, it: number): ExpositionSample[] => [
  sample(ENERGY, joules, { side: 'it', replica }),
  sample(RATIO, facility, { window: '24h', side: 'facility', replica }),
  sample(RATIO, it, { window: '24h', side: 'it', replica }),
];

function shown(site: RemoteSite, mono: number): Record<string, number> {
  const rows: Record<string, number> = {};
  site.emit((metric, labels, value) => {
    const { side, window } = labels as Record<string, string>;
    rows[[metric.name.replace('greenflops_', ''), side, window].filter(Boolean).join(' ')] = Number(value);
  }, mono);
  return rows;
}
const energy = 'site_energy_joules_total it';

test('of two copies one is taken, and the same one again: sums are never mixed from both', () => {
  const site = new RemoteSite('s', 60_000, accountant);
  const now = (mono: number) => ({ at: 0, mono });
  expect([...site.answered([...copy('b', 900, 150, 80), ...copy('a', 1000, 100, 90)], now(0))]).toEqual([]);
  const first = { [energy]: 1000, 'pue_energy_joules facility 24h': 100, 'pue_energy_joules it 24h': 90 };
  expect(shown(site, 1)).toEqual(first);
  // In another order, and with the other one ahead.
  site.answered([...copy('a', 1010, 100, 90), ...copy('b', 2000, 150, 80)], now(60_000));
  expect(shown(site, 60_001)).toEqual({ ...first, [energy]: 1010 });
});

test('a counter that falls stands still until it is passed, and that is counted', () => {
  const site = new RemoteSite('s', 60_000, accountant);
  const read = (joules: number, replica: string) => [
    ...site.answered(copy(replica, joules, 100, 80), { at: 0, mono: 0 }),
  ];
  read(1000, 'a');
  expect(read(990, 'b')).toEqual([['counter_fell', 1]]);
  expect(shown(site, 1)[energy]).toBe(1000);
  expect(read(1001, 'b')).toEqual([]);
  expect(shown(site, 1)[energy]).toBe(1001);
});

test('another site, a meter and a value that is no number are left out; old gauges go, counters stay', () => {
  const site = new RemoteSite('s', 60_000, accountant);
  const strange = [
    sample(ENERGY, 7, { site: 'other', side: 'it' }),
    sample('greenflops_power_watts', 7, { meter: 'm', role: 'it' }),
    sample(ENERGY, Number.NaN, { side: 'facility' }),
  ];
  expect([...site.answered([...copy('a', 5, 100, 80), ...strange], { at: 0, mono: 0 })]).toEqual([['not_a_number', 1]]);
  expect(Object.keys(shown(site, 300_000))).toHaveLength(3);
  expect(shown(site, 300_001)).toEqual({ [energy]: 5 });
});

test('no metric of a device, a meter, a source or a hall is asked for', () => {
  const labels = new Set([...remoteMetrics.values()].flatMap((metric) => metric.labels));
  for (const detail of ['meter', 'device', 'source', 'hall']) expect(labels).not.toContain(detail);
  expect(remoteMetrics.has('greenflops_compute_pflop_seconds_total')).toBe(true);
});
