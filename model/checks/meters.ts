import { fault, under, type Fault } from '../fault.ts';
import { nearest } from '../nearest.ts';
import type { Meter } from '../schema/meter.ts';
import type { Check, Draft } from './check.ts';

/** A rule about one meter; its faults' paths begin at the meter. */
export const eachMeter =
  (rule: (meter: Meter, draft: Draft) => Fault[]): Check =>
  (draft) =>
    (draft.data.estate?.meters ?? []).flatMap((meter, index) =>
      rule(meter, draft).map((found) => ({ file: 'estate', fault: under(['meters', index], found) })),
    );

/** A circle is told once, at the meter of it that comes first by id. */
export const parentCycles = eachMeter(({ id }, { data }) => {
  const parentOf = (child: string) => data.estate?.meters.find((meter) => meter.id === child)?.parent;
  const above = [id];
  let next = parentOf(id);
  for (; next && !above.includes(next); next = parentOf(next)) above.push(next);
  if (next !== id || above.some((other) => other < id)) return [];
  return [fault(['parent'], 'use', 'parent_cycle', { cycle: [...above, id].join(' -> ') })];
});

/** What a meter names lies in its own site. */
export const meterSites = eachMeter((meter, { data }) => {
  const lists = { parent: data.estate?.meters, backup: data.estate?.meters, hall: data.estate?.halls };
  return (['parent', 'backup', 'hall'] as const).flatMap((key) => {
    const name = meter[key] ?? null;
    const other = name === null ? undefined : lists[key]?.find(({ id }) => id === name)?.site;
    return other === undefined || other === meter.site
      ? []
      : [fault([key], 'use', 'other_site', { other, site: meter.site })];
  });
});

/** Energy flows both ways across the boundary alone. */
export const directions = eachMeter(({ role, parent, direction }) =>
  direction === 'import' || (role === 'facility' && parent === null)
    ? []
    : [fault(['direction'], 'use', 'direction_inside', {})],
);

/** The default, electricity, must be among the carriers too. */
export const carriers = eachMeter(({ role, carrier }, { data }) => {
  if (role === 'water') return [];
  const ids = data.profiles?.carriers.map(({ id }) => id) ?? [carrier];
  if (ids.includes(carrier)) return [];
  return [fault(['carrier'], 'use', 'unknown_id', { known: ids.join(', ') }, nearest(carrier, ids))];
});

/** The ratio in force at an instant is the last one before it. */
export const ctRatioOrder = eachMeter(({ ct_ratio: ratios }) =>
  ratios.flatMap(({ from }, index) => {
    const before = ratios[index - 1];
    return before && before.from >= from ? [fault(['ct_ratio', index, 'from'], 'use', 'unordered', {})] : [];
  }),
);
