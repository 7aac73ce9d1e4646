import assert from 'node:assert/strict';
import type { Series } from './prometheus.ts';
import type { Run } from './run.ts';

/** What one scrape says of a meter. */
export interface Reading {
  /** Unix ms */
  readonly scrape: number;
  /** greenflops_energy_joules_total */
  readonly joules: number;
  /** greenflops_meter_unmetered_seconds_total */
  readonly unmetered: number;
  /** Unix ms: the device had answered by then (last success) … */
  readonly at: number;
  /** … and had been asked after this: the read's duration earlier. Its register stood still at some instant between. */
  readonly began: number;
}

/** One series' values by the time of the scrape. */
function byScrape(series: readonly Series[], what: string): Map<number, number> {
  const [only, other] = series;
  assert.ok(only && !other, `${what}: ${series.length} series instead of one`);
  return new Map(only.points.map(([time, value]) => [time, Number(value)]));
}

/** All scrapes of a meter in the run, in order. A scrape that lacks one of the four series would be a hole: none may. */
export async function readingsOf(run: Run, meter: string): Promise<Reading[]> {
  const of = async (name: string, label: string) =>
    byScrape(await run.samples(`${name}{${label}="${meter}"}`), `${name} of ${meter}`);
  const [joules, unmetered, last, duration] = await Promise.all([
    of('greenflops_energy_joules_total', 'meter'),
    of('greenflops_meter_unmetered_seconds_total', 'meter'),
    of('greenflops_source_last_success_timestamp_seconds', 'source'),
    of('greenflops_source_duration_seconds', 'source'),
  ]);
  const readings = [...joules].map(([time, value]) => {
    const at = 1000 * (last.get(time) ?? Number.NaN);
    return {
      scrape: time,
      joules: value,
      unmetered: unmetered.get(time) ?? Number.NaN,
      at: Math.round(at),
      began: Math.floor(at - 1000 * (duration.get(time) ?? Number.NaN)),
    };
  });
  const holes = readings.filter((reading) => Object.values(reading).some(Number.isNaN));
  assert.equal(holes.length, 0, `${meter}: ${holes.length} scrapes without one of the four series`);
  const expected = (run.to - run.from) / 1000;
  assert.ok(readings.length > 0.8 * expected, `${meter}: ${readings.length} scrapes in ${expected} s`);
  return readings;
}

/** The quickest answer of some readings: the instant at which that device answered is known best. */
export const quickest = (readings: readonly Reading[]): Reading =>
  readings.reduce((best, one) => (one.at - one.began < best.at - best.began ? one : best));
