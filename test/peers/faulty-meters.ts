import assert from 'node:assert/strict';
import type { Check } from '../tally.ts';
import { delivered } from './delivered.ts';
import { EVERY_MS, pool } from './estate.ts';
import { eventsOf } from './greenflops.ts';
import { cases, faultyMeters as meters, type Case } from './meter-cases.ts';
import { quickest, readingsOf } from './readings.ts';
import type { Part, Run } from './run.ts';

const site = 'faulty';

export const faultyMeters: Part = {
  site,
  meters: meters(site),
  // 100 kW for each of the seven UPS outputs: their 0.1 kWh registers step every 3.6 s.
  pools: [pool('faulty-a800', site, 'nvidia-a800-sxm', 800), pool('faulty-b3', site, 'ascend-910b3', 800)],
  plays: cases.map(({ id, fault, seconds, early }) => ({ target: id, fault, seconds, ...(early && { early }) })),
};

/** After so many seconds an unchanged register is stuck: five intervals, or two steps at its power. */
const stuckAfter = (step: number, watts: number) => Math.max((5 * EVERY_MS) / 1000, (2 * step) / watts);

/** How long the twin's fault lasted, s: the time of its answers where it ended by itself. */
function lengthOf(run: Run, { id }: Case): number {
  const fault = run.twin.faults().find(({ target }) => target === id);
  assert.ok(fault?.end, `${id}: the fault was played and is over`);
  return (fault.end - fault.start) / 1000;
}

/** The rules of a meter with a fault: never above the truth, and what is missing is owned up to. */
async function isHonest(run: Run, one: Case): Promise<void> {
  const all = await readingsOf(run, one.id);
  // Before the faults begin: the quickest of the first readings is the base.
  const readings = all.slice(all.indexOf(quickest(all.slice(0, 5))));
  const [first] = readings;
  const last = readings.at(-1);
  const truth = delivered(run, one, readings);
  const end = truth.at(-1);
  assert.ok(first && last && end);

  for (const [index, { joules, at }] of readings.entries()) {
    const { most, step } = truth[index] ?? end;
    const counted = joules - first.joules;
    assert.ok(counted <= most + step, `${one.id} at ${at}: counted ${counted} J of ${most} J, one step ${step} J`);
  }

  const counted = last.joules - first.joules;
  const unmetered = last.unmetered - first.unmetered;
  const missing = end.least - counted;
  // Which seconds they were the counter does not say: at most they were the ones of the largest power.
  const owned = end.watts * unmetered + 0.001 * end.most + end.step;
  const said = `${one.id}: counted ${Math.round(counted)} J of ${Math.round(end.most)} J, ${unmetered} s unmetered at up to ${Math.round(end.watts)} W, one step ${Math.round(end.step)} J`;
  assert.ok(missing <= owned, said);
  const most = lengthOf(run, one) + (5 * EVERY_MS) / 1000 + stuckAfter(one.model === 'watts' ? 0 : end.step, end.watts);
  assert.ok(unmetered <= most, `${one.id}: ${unmetered} s unmetered, at most ${most} s`);
  console.log(`  ${said}`);

  const kinds = (await eventsOf(run.store, one.id)).map(({ kind }) => kind);
  const wanted = [one.event].flat();
  assert.ok(
    wanted.some((kind) => kinds.includes(kind)),
    `${one.id}: an event ${wanted.join(' or ')} among ${kinds.join(', ') || 'none'}`,
  );
}

export const faultyMeterChecks = (run: () => Promise<Run>): Check[] =>
  cases.map((one) => [
    `${one.id} (${one.model}), ${JSON.stringify(one.fault)}: never above the truth, what is missing is unmetered, an event`,
    async () => isHonest(await run(), one),
  ]);
