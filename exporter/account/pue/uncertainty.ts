import type { SpanSum } from '../ledger/span-sum.ts';

/** Limits of error are taken as evenly likely between them (GUM, JCGM 100:2008, 4.3.7): u = a / √3. */
const EVEN = Math.sqrt(3);
/** Coverage factor: about 95 %. */
const K = 2;

/**
 * Half the width of a PUE's band from the meters' accuracy classes (IEC 62053-21/22: class 0.5 is ±0.5 % of the reading),
 * each meter's error taken as independent of the others', k = 2; null where a meter states no class. A meter that stands
 * on both sides, through a formula, moves both: PUE = F / I gives dPUE = (dF - PUE dI) / I.
 */
export function pueUncertainty(
  { millijoules, parts }: SpanSum,
  classOf: (meter: string) => number | undefined,
): number | null {
  const it = Number(millijoules.it);
  const pue = Number(millijoules.facility) / it;
  const effects = new Map<string, number>();
  const add = (meter: string, effect: number): void => void effects.set(meter, (effects.get(meter) ?? 0) + effect);
  for (const { meter, millijoules: energy } of parts.facility) add(meter, energy / it);
  for (const { meter, millijoules: energy } of parts.it) add(meter, (-pue * energy) / it);
  let variance = 0;
  for (const [meter, effect] of effects) {
    const percent = classOf(meter);
    if (percent === undefined) return null;
    variance += ((effect * percent) / 100 / EVEN) ** 2;
  }
  return K * Math.sqrt(variance);
}
