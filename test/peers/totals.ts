import assert from 'node:assert/strict';
import type { Check } from '../tally.ts';
import type { Run } from './run.ts';

async function neverBack(run: Run): Promise<void> {
  const series = await run.samples('{__name__=~"greenflops_.+_total"}');
  const back = series.flatMap(({ labels, points }) =>
    points.flatMap(([time, value], index) => {
      const before = points[index - 1]?.[1] ?? value;
      return Number(value) < Number(before) ? [`${JSON.stringify(labels)} from ${before} to ${value} at ${time}`] : [];
    }),
  );
  assert.deepEqual(back, []);
  const scrapes = series.reduce((sum, { points }) => sum + points.length, 0);
  assert.ok(series.length > 50, `${series.length} counters`);
  console.log(`  ${series.length} counters, ${scrapes} samples`);
}

/** Whatever befalls its meters, a side (boundary meters net, topmost IT meters) is not above the truth: one step each. */
async function sidesHonest(run: Run): Promise<void> {
  const series = await run.samples('greenflops_site_energy_joules_total');
  assert.equal(series.length, 4, 'two sides at each of the two sites with meters');
  const meters = await run.samples('greenflops_meter_info');
  for (const { labels, points } of series) {
    const { site = '', side = '' } = labels;
    const own = meters.filter((one) => one.labels['site'] === site && one.labels['side'] === side);
    const truth = (at: number) => {
      const { facility_j = Number.NaN, it_j = Number.NaN } = run.truth(at).sites[site] ?? {};
      return side === 'it' ? it_j : facility_j;
    };
    const stepsAt = (at: number) =>
      own.reduce((sum, one) => sum + (run.truth(at).meters[one.labels['meter'] ?? '']?.step_j ?? Number.NaN), 0);
    for (const [at, value] of points) {
      const most = truth(at) - truth(run.started) + stepsAt(at);
      assert.ok(Number(value) <= most, `${site} ${side} at ${at}: ${value} J of at most ${most} J`);
    }
    console.log(`  ${site} ${side}: ${points.at(-1)?.[1]} J of ${Math.round(truth(run.to) - truth(run.started))} J`);
  }
}

async function noPue(run: Run): Promise<void> {
  assert.deepEqual(await run.samples('greenflops_pue_ratio'), [], 'a ledger younger than an hour has no PUE');
  const young = await run.samples('greenflops_pue_unavailable{site="calm",window="1h",reason="young"}');
  assert.equal(young.length, 1, 'and says why');
}

export const totalsChecks = (run: () => Promise<Run>): Check[] => [
  ['no total steps back between two scrapes', async () => neverBack(await run())],
  ['the energy of a side is never above the truth', async () => sidesHonest(await run())],
  ['no PUE before the first hour, and the reason', async () => noPue(await run())],
];
