import assert from 'node:assert/strict';
import type { Check } from '../tally.ts';
import { delivered } from './delivered.ts';
import { meter, pool, type Model } from './estate.ts';
import { quickest, readingsOf, type Reading } from './readings.ts';
import type { Part, Run } from './run.ts';

const site = 'calm';
const PORT = 19_600;

/**
 * One meter in each place that the twin knows, all behind one gateway. The UPS is so large that its 0.1 kWh register
 * steps in every interval.
 */
const meters: readonly {
  id: string;
  model: Model;
  fields: { role: string; rated_kw: number } & Readonly<Record<string, unknown>>;
}[] = [
  { id: 'gate', model: 'pm5xxx', fields: { role: 'facility', rated_kw: 2600 } },
  { id: 'pv', model: 'pm5xxx', fields: { role: 'facility', direction: 'generation', rated_kw: 100, idle_ok: true } },
  { id: 'ups', model: 'em24', fields: { role: 'it', category: 1, parent: 'gate', rated_kw: 1600 } },
  { id: 'pdu', model: 'pm5xxx', fields: { role: 'it', category: 2, parent: 'ups', rated_kw: 800 } },
  { id: 'chiller', model: 'sdm630', fields: { role: 'cooling', parent: 'gate', rated_kw: 400 } },
  { id: 'lights', model: 'sdm630', fields: { role: 'lighting', parent: 'gate', rated_kw: 20 } },
  { id: 'fans', model: 'watts', fields: { role: 'cooling', parent: 'gate', rated_kw: 100 } },
];

export const healthyMeters: Part = {
  site,
  meters: meters.map(({ id, model, fields }, index) =>
    meter({ id, model, port: PORT, unit: index + 1 }, { site, ...fields }),
  ),
  pools: [pool('calm-a800', site, 'nvidia-a800-sxm', 800), pool('calm-b3', site, 'ascend-910b3', 800)],
  plays: [],
};

/** The rule: 0.1 % of what was delivered, and one step. */
const SHARE = 0.001;

/** The first and the last readings of the run of which the instant is known best. */
function ends(readings: readonly Reading[]): [Reading, Reading] {
  return [quickest(readings.slice(0, 5)), quickest(readings.slice(-5))];
}

async function counts(run: Run, one: { readonly id: string; readonly model: string }): Promise<void> {
  const readings = await readingsOf(run, one.id);
  const [first, last] = ends(readings);
  const between = readings.slice(readings.indexOf(first), readings.indexOf(last) + 1);
  const truth = delivered(run, one, between).at(-1);
  assert.ok(truth);
  const { least, most, step } = truth;
  const counted = last.joules - first.joules;
  const slack = SHARE * most + step;
  const said = `${one.id}: counted ${Math.round(counted)} J of ${Math.round(least)} to ${Math.round(most)} J, one step ${Math.round(step)} J`;
  assert.ok(counted >= least - slack && counted <= most + slack, said);
  assert.equal(last.unmetered, 0, `${one.id}: unmetered`);
  console.log(`  ${said}`);
}

/** A side stands at the latest instant that all its meters have reached: as each moves in every interval, the last success. */
async function sideCounts(run: Run, side: 'facility' | 'it', ids: readonly string[]): Promise<void> {
  const [series] = await run.samples(`greenflops_site_energy_joules_total{site="${site}",side="${side}"}`);
  assert.ok(series, `no site_energy of ${side}`);
  const own = (await Promise.all(ids.map((id) => readingsOf(run, id)))).flat();
  const all = series.points.map(([scrape, value]) => {
    const read = own.filter((one) => one.scrape === scrape);
    const [at, began] = [Math.min(...read.map((one) => one.at)), Math.min(...read.map((one) => one.began))];
    return { scrape, joules: Number(value), unmetered: 0, at, began };
  });
  const [first, last] = ends(all);
  const truth = (at: number) => run.truth(at).sites[site]?.[`${side}_j`] ?? Number.NaN;
  const counted = last.joules - first.joules;
  const [least, most] = [truth(last.began) - truth(first.at), truth(last.at) - truth(first.began)];
  const steps = ids.reduce((sum, id) => sum + (run.truth(last.at).meters[id]?.step_j ?? Number.NaN), 0);
  const said = `${side}: counted ${Math.round(counted)} J of ${Math.round(least)} to ${Math.round(most)} J, steps ${steps} J`;
  assert.ok(counted >= least - (SHARE * most + steps) && counted <= most + SHARE * most + steps, said);
  console.log(`  ${said}`);
}

export const healthyMeterChecks = (run: () => Promise<Run>): Check[] => [
  ...meters.map((one): Check => [
    `${one.id} without a fault: 0.1 % and one step, nothing unmetered`,
    async () => counts(await run(), one),
  ]),
  ['the site without a fault: facility energy', async () => sideCounts(await run(), 'facility', ['gate', 'pv'])],
  ['the site without a fault: IT energy', async () => sideCounts(await run(), 'it', ['ups'])],
];
