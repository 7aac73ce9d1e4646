import { describe, expect, test } from 'vitest';
import { provinceWindows } from '../../../exporter/account/province/province-windows.ts';
import type { Emit, Metric, Sample } from '../../../model/metrics/metric.ts';
import {
  pueEnergyJoules,
  pueRatio,
  pueUnavailable,
  pueWindowEnd,
  pueWindowSeconds,
} from '../../../model/metrics/pue.ts';

const HOUR = 3600;
const END = 1_796_000_400;

/** What a site's exporter says of its day: two energies in kWh, how long the window is and when it ends. */
function site(id: string, facility: number, it: number, seconds = 24 * HOUR, end = END): Sample[] {
  const labels = { site: id, window: '24h' };
  const row = (metric: Metric, more: object, value: number): Sample => ({
    metric,
    labels: { ...labels, ...more },
    value,
  });
  return [
    row(pueEnergyJoules, { side: 'facility' }, facility * 3.6e6),
    row(pueEnergyJoules, { side: 'it' }, it * 3.6e6),
    row(pueWindowSeconds, {}, seconds),
    row(pueWindowEnd, {}, end),
    row(pueRatio, { kind: 'interim', category: '2', edition: 'ISO/IEC 30134-2:2026' }, facility / it),
  ];
}

function said(samples: readonly Sample[], sites: readonly string[]) {
  const series: Record<string, number> = {};
  const emit: Emit = (metric, labels, value) => {
    const { site: of, side, state } = labels as Record<string, string>;
    series[[metric.name.replace('greenflops_province_pue_', ''), of ?? side, state].filter(Boolean).join(' ')] =
      Number(value);
  };
  provinceWindows(sites, samples, emit);
  return series;
}

describe("the province's day", () => {
  test('is the sums divided, never a mean: 100/80 and 3000/2000 are 3100/2080', () => {
    expect(said([...site('a', 100, 80), ...site('b', 3000, 2000)], ['a', 'b'])).toEqual({
      'site a included': 1,
      'site b included': 1,
      'energy_joules facility': 3100 * 3.6e6,
      'energy_joules it': 2080 * 3.6e6,
      ratio: 3100 / 2080,
    });
  });

  test('leaves out, and names, who has no PUE, a shorter window, another end, or says nothing', () => {
    const none: Sample = { metric: pueUnavailable, labels: { site: 'b', window: '24h', reason: 'coverage' }, value: 1 };
    const samples = [
      ...site('a', 100, 80),
      none,
      ...site('c', 1, 1, 20 * HOUR),
      ...site('d', 1, 1, 24 * HOUR, END - HOUR),
    ];
    expect(said(samples, ['a', 'b', 'c', 'd', 'e'])).toEqual({
      'site a included': 1,
      'site b coverage': 1,
      'site c shorter_window': 1,
      'site d other_hours': 1,
      'site e silent': 1,
      'energy_joules facility': 100 * 3.6e6,
      'energy_joules it': 80 * 3.6e6,
      ratio: 1.25,
    });
  });

  test('stays that of most IT energy while one site is an hour ahead', () => {
    const samples = [...site('a', 130, 100), ...site('b', 140, 100), ...site('c', 20, 10, 24 * HOUR, END + HOUR)];
    expect(said(samples, ['a', 'b', 'c'])).toMatchObject({ 'site c other_hours': 1, ratio: 1.35 });
  });

  test('is absent where no site has one', () => {
    const none: Sample = { metric: pueUnavailable, labels: { site: 'a', window: '24h', reason: 'young' }, value: 1 };
    expect(said([none], ['a'])).toEqual({ 'site a young': 1 });
  });
});
