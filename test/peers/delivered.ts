import type { Reading } from './readings.ts';
import type { Run } from './run.ts';

/** What the twin delivered through a meter since the first of some readings, J. */
export interface Delivered {
  /** The register was read at some instant of the read, so the truth lies between these two. */
  readonly least: number;
  readonly most: number;
  /** One step of the register, J: it may hide as much, and not more. */
  readonly step: number;
  /** The largest power so far, W. */
  readonly watts: number;
}

function truthOf(run: Run, meter: string, at: number) {
  const truth = run.truth(at).meters[meter];
  if (truth === undefined) throw new Error(`the twin knows no meter ${meter}`);
  return truth;
}

/** By the register: energy between the instants of the reads. */
function byRegister(run: Run, meter: string, readings: readonly Reading[]): Delivered[] {
  const [first = { at: Number.NaN, began: Number.NaN }] = readings;
  const base = truthOf(run, meter, first.at);
  const earliest = truthOf(run, meter, first.began).joules;
  let { watts, step_j } = base;
  return readings.map(({ at, began }) => {
    const now = truthOf(run, meter, at);
    watts = Math.max(watts, now.watts);
    // A register that began again near zero has smaller steps than the one before.
    step_j = Math.max(step_j ?? 0, now.step_j ?? 0);
    return {
      least: truthOf(run, meter, began).joules - base.joules,
      most: now.joules - earliest,
      step: step_j,
      watts,
    };
  });
}

/**
 * By power alone: the trapezoid of the twin's power at the instants of the readings, which are known to a millisecond each;
 * the counter holds whole millijoules.
 */
function byPower(run: Run, meter: string, readings: readonly Reading[]): Delivered[] {
  let sum = 0;
  let largest = 0;
  let before: { at: number; watts: number } | null = null;
  return readings.map(({ at }, index) => {
    const { watts } = truthOf(run, meter, at);
    largest = Math.max(largest, watts);
    if (before) sum += ((before.watts + watts) / 2) * ((at - before.at) / 1000);
    before = { at, watts };
    return { least: sum, most: sum, step: ((largest + 1) * index) / 1000, watts: largest };
  });
}

export const delivered = (
  run: Run,
  { id, model }: { readonly id: string; readonly model: string },
  readings: readonly Reading[],
): Delivered[] => (model === 'watts' ? byPower : byRegister)(run, id, readings);
