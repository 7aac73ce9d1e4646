import { readFileSync, writeSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { deserialize } from 'node:v8';
import { Accountant } from '../../exporter/account/ledger/accountant.ts';
import { Ledger } from '../../exporter/account/ledger/ledger.ts';
import { judgeMeter } from '../../exporter/judge/meter/meter.ts';
import { simulated, shownAt, STEP_MS, type StorePlant } from './store-meters.ts';

/** A series as it was published, exactly: name and labels, and a whole number of its smallest unit. */
export type Published = readonly (readonly [series: string, units: string])[];

/**
 * Judges, books and commits one cycle after the other from the instant `from` on, as fast as the disk lets it. Says
 * '>INSTANT;' before each commit, and '=INSTANT JSON' after it, with what is published then.
 */
async function run(path: string, file: string, from: number): Promise<never> {
  const { meters, sides } = deserialize(readFileSync(file)) as StorePlant;
  const accountant = new Accountant(new Ledger(path), 'plan', sides, from);
  const say = (text: string): number => writeSync(1, `${text}\n`);
  for (let cycle = 1; ; cycle++) {
    const at = from + cycle * STEP_MS;
    const now = { at, mono: cycle * STEP_MS };
    for (const one of simulated.filter(({ cycles }) => cycle % cycles === 0)) {
      const meter = meters.find(({ id }) => id === one.id);
      if (meter === undefined) throw new RangeError(`no meter ${one.id}`);
      const raw = { value: { n: shownAt(one, at), d: 1n }, wire: '' };
      const answer = one.register ? { energy: raw } : { power: raw };
      accountant.book(meter, judgeMeter(meter, accountant.stateOf(meter.id), answer, now), at);
    }
    accountant.credit([
      { site: 'a', pool: 'p', tenant: 't', action: 'x', precision: 'fp16', tier: 'T1', gflop: 1_000_000n },
    ]);
    say(`>${at};`);
    accountant.commit();
    const published: [string, string][] = [];
    accountant.emit(({ name }, labels, value) => {
      const units = typeof value === 'number' ? Math.round(value * 1000) : value.units;
      published.push([`${name}${JSON.stringify(labels)}`, String(units)]);
    }, meters);
    say(`=${at} ${JSON.stringify(published)}`);
    await setImmediate();
  }
}

const [, , path = '', file = '', from] = process.argv;
if (import.meta.main) await run(path, file, Number(from));
