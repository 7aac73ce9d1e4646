import { compare, multiply, rational, subtract, type Rational } from '../../model/rational.ts';
import type { Meter } from '../../model/schema/meter.ts';
import type { Text } from '../../model/text.ts';
import { registerLimits } from '../judge/meter-scale.ts';
import type { HourlyRow } from '../read/hourly-csv.ts';
import { HOUR_MS } from './meter-account.ts';

export const MILLIJOULES_PER_KWH = rational(3_600_000_000n);
export const decimal = ({ n, d }: Rational): string => String(Number(n) / Number(d));

const add = (a: Rational, b: Rational): Rational => ({ n: a.n * b.d + b.n * a.d, d: a.d * b.d });

/**
 * Walks over a meter's rows in order and compares their energy with the register's levels: between two levels the
 * energies must add up to the rise, where hours are missing they may be less. A wrong unit or scale, a reset and a
 * replaced meter show here. Each call takes the next row and says what is wrong with it.
 */
export function registerCheck(meter: Meter): (row: HourlyRow) => Text | null {
  const register = meter.registers.energy;
  let last: { readonly row: HourlyRow; readonly level: Rational } | null = null;
  let energy = rational(0n);
  let rows = 0;
  return (row) => {
    energy = add(energy, row.energy);
    rows += 1;
    const level = row.register;
    if (!register || !level) return null;
    const before = last;
    const [sum, count] = [energy, rows];
    last = { row, level };
    energy = rational(0n);
    rows = 0;
    if (!before) return null;
    const limits = registerLimits(meter, register, row.hour);
    const rise = subtract(level, before.level);
    if (rise.n < 0n && limits.modulus === null)
      return {
        zh: `register 从 ${decimal(before.level)}（${before.row.file}:${before.row.line}）降到 ${decimal(level)}，而该表声明不翻转（modulus: none）：复位或换表之前的行请不写 register`,
        en: `register falls from ${decimal(before.level)} (${before.row.file}:${before.row.line}) to ${decimal(level)}, and the meter is declared never to roll over (modulus: none): leave register empty in the lines before a reset or a replaced meter`,
      };
    const rolled = rise.n < 0n ? subtract(rise, rational(-(limits.modulus ?? 0n))) : rise;
    const counted = multiply(rolled, limits.scale);
    const tolerance = multiply(multiply(rational(2n), limits.step(level)), limits.scale);
    const off = subtract(counted, multiply(sum, MILLIJOULES_PER_KWH));
    const whole = (row.hour - before.row.hour) / HOUR_MS === count;
    const tooMuch = compare({ n: -off.n, d: off.d }, tolerance) > 0;
    if (!tooMuch && !(whole && compare(off, tolerance) > 0)) return null;
    const kwh = Number(counted.n) / Number(counted.d) / 3.6e9;
    return {
      zh: `energy_kwh 合计 ${decimal(sum)} 与寄存器不符：从 ${decimal(before.level)}（${before.row.file}:${before.row.line}）到 ${decimal(level)} 按声明的倍率是 ${kwh} kWh（请查单位、倍率、互感器变比）`,
      en: `energy_kwh, ${decimal(sum)} in all, disagrees with the register: from ${decimal(before.level)} (${before.row.file}:${before.row.line}) to ${decimal(level)} is ${kwh} kWh by the declared scale (check unit, scale and transformer ratio)`,
    };
  };
}
