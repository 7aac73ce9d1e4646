import { fault } from '../fault.ts';
import { linearForm } from '../formula.ts';
import { nearest } from '../nearest.ts';
import type { Meter } from '../schema/meter.ts';
import { texts } from './check.ts';
import { eachMeter } from './meters.ts';

const place = ['source', 'formula'];

/** The meters that a calculated meter's formula names; none for any other meter, or where it is no formula. */
function named({ source }: Meter): string[] {
  if (source.protocol !== 'calculated') return [];
  const form = linearForm(source.formula);
  return 'fault' in form ? [] : [...form.terms.keys()];
}

/** A formula is a sum of meters that stand in the estate, of the same site. */
export const formulas = eachMeter((meter, { raw, data }) => {
  const { source, site } = meter;
  if (source.protocol !== 'calculated') return [];
  const form = linearForm(source.formula);
  if ('fault' in form) return [fault(place, 'use', form.fault, { at: form.at })];
  const ids = texts(raw.estate, 'meters.*.id');
  return named(meter).flatMap((token) => {
    if (!ids.includes(token)) return [fault(place, 'use', 'formula', { token }, nearest(token, ids))];
    const other = data.estate?.meters.find(({ id }) => id === token)?.site ?? site;
    return other === site ? [] : [fault(place, 'use', 'other_site', { other, site })];
  });
});

/** Ids that a meter's formula comes to, itself included where it goes round in a circle. */
function beneath(meter: Meter, meters: readonly Meter[]): Set<string> {
  const seen = new Set<string>();
  const waiting = named(meter);
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    const next = meters.find((one) => one.id === id);
    if (next) waiting.push(...named(next));
  }
  return seen;
}

/** A circle is told once, at the meter of it that comes first by id. */
export const formulaCycles = eachMeter((meter, { data }) => {
  const meters = data.estate?.meters ?? [];
  const below = beneath(meter, meters);
  if (!below.has(meter.id)) return [];
  const circle = meters.filter((one) => below.has(one.id) && beneath(one, meters).has(meter.id)).map(({ id }) => id);
  if (circle.some((id) => id < meter.id)) return [];
  return [fault(place, 'use', 'formula_cycle', { cycle: circle.join(', ') })];
});

/** What takes a meter's place is measured without it, and has none in turn. */
export const backups = eachMeter(({ id, backup }, { data }) => {
  const meters = data.estate?.meters ?? [];
  const other = meters.find((one) => one.id === backup);
  if (other === undefined) return [];
  if (other.id === id || beneath(other, meters).has(id)) return [fault(['backup'], 'use', 'own_backup', { id })];
  return other.backup === undefined ? [] : [fault(['backup'], 'use', 'backup_of_backup', { other: other.backup })];
});
