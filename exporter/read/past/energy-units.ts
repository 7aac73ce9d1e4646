import { rational, type Rational } from '../../../model/rational.ts';

/** Millijoules in a unit of energy, by its name in lower case. 度 is the kilowatt-hour of Chinese bills. */
const millijoules: Readonly<Record<string, bigint>> = {
  j: 1000n,
  焦: 1000n,
  gj: 1_000_000_000_000n,
  吉焦: 1_000_000_000_000n,
  wh: 3_600_000n,
  瓦时: 3_600_000n,
  kwh: 3_600_000_000n,
  千瓦时: 3_600_000_000n,
  度: 3_600_000_000n,
  mwh: 3_600_000_000_000n,
  兆瓦时: 3_600_000_000_000n,
};
export const unitNames = ['kWh', 'MWh', 'Wh', 'J', 'GJ', '千瓦时', '度'] as const;

/** Millijoules in one unit, null where the unit is not known. */
export function unitOf(name: string): Rational | null {
  const key = name.toLowerCase();
  const found = Object.hasOwn(millijoules, key) ? millijoules[key] : undefined;
  return found === undefined ? null : rational(found);
}
