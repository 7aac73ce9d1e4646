import { expand } from '../expand.ts';
import { fault } from '../fault.ts';
import { isValid, sideOf } from '../tree.ts';
import type { Meter } from '../schema/meter.ts';
import { formulaCycles, formulas } from './formulas.ts';
import { parentCycles } from './meters.ts';
import { select, type Check } from './check.ts';

/**
 * A meter that is read enters a side of its site once: the tree sees to it for meters below each other, but a formula may
 * add what another meter of the side has counted already. Only where parents and formulas are sound.
 */
export const doubleCount: Check = (draft) => {
  const { estate } = draft.data;
  const unsound = [formulas, formulaCycles, parentCycles].some((check) => check(draft).length > 0);
  // An entry with a fault of its own is not among the meters.
  if (estate === undefined || unsound || select(draft.raw.estate, 'meters.*').length > estate.meters.length) return [];
  const meters = new Map(estate.meters.map((meter) => [meter.id, meter]));
  const together = (a: Meter, b: Meter): boolean => {
    const at = Math.max(a.valid_from ?? 0, b.valid_from ?? 0);
    const side = sideOf(estate, a, at);
    return isValid(a, at) && isValid(b, at) && side !== 'none' && side === sideOf(estate, b, at);
  };
  return estate.meters.flatMap((meter, index) => {
    if (meter.source.protocol !== 'calculated') return [];
    const own = expand(meter, meters).terms;
    return estate.meters.flatMap((other, at) => {
      const isPair = other.id !== meter.id && other.site === meter.site && together(meter, other);
      // Two calculated meters are told once, at the later one.
      if (!isPair || (other.source.protocol === 'calculated' && at > index)) return [];
      const twice = [...expand(other, meters).terms].find(([id, { n }]) => (own.get(id)?.n ?? 0n) > 0n && n > 0n)?.[0];
      if (twice === undefined) return [];
      const found = fault(['meters', index, 'source', 'formula'], 'use', 'double_count', {
        meter: twice,
        other: other.id,
      });
      return [{ file: 'estate' as const, fault: found }];
    });
  });
};
