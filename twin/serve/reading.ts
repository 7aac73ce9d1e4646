import { numberOf, type Fault } from '../faults/board.ts';
import { energyCounts, type MeterModel } from '../meters.ts';
import type { Flow } from '../physics/flow.ts';
import { sinceEpoch } from '../physics/time.ts';

/** A meter that the twin plays. */
export interface Meter {
  readonly id: string;
  readonly unit: number;
  readonly rated_w: number;
  readonly model: MeterModel;
  readonly flow: Flow;
}

/** What the meter's two registers hold, in their own counts. */
export interface Reading {
  readonly energy: number;
  readonly power: number;
}

/** Joules between the true energy and the register's level: a reset or a shift before a rollover stays for good. */
export function shift({ flow, model }: Meter, faults: readonly Fault[]): number {
  const last = faults.findLast(({ kind }) => kind === 'reset' || kind === 'rollover');
  if (last === undefined) return 0;
  const then = sinceEpoch(last.start);
  if (last.kind === 'reset') return -flow.joules(then);
  const modulus = (model.modulus ?? 0) * model.energy.unit;
  return modulus - flow.watts(then) * numberOf(last, 'seconds', 0) - flow.joules(then);
}

/** The registers at an instant (Unix ms), with the faults that the meter has had so far. */
export function readingOf(meter: Meter, faults: readonly Fault[], at: number): Reading {
  const { model, flow } = meter;
  const active = faults.filter(({ end }) => end === null);
  const ms = sinceEpoch(active.find(({ kind }) => kind === 'stuck')?.start ?? at);
  let joules = Math.max(0, flow.joules(ms) + shift(meter, faults));
  let watts = flow.watts(ms);
  for (const fault of active) {
    const onEnergy = fault.options['register'] === 'energy';
    const hours = numberOf(fault, 'hours', 0);
    if (fault.kind === 'zero' && onEnergy) joules = 0;
    if (fault.kind === 'zero' && !onEnergy) watts = 0;
    if (fault.kind === 'spike' && onEnergy) joules += hours * 3600 * meter.rated_w;
    if (fault.kind === 'spike' && !onEnergy) watts = hours * meter.rated_w;
  }
  return { energy: energyCounts(model, joules), power: watts / model.power.unit };
}
