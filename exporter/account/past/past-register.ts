import { compare, multiply, rational, subtract, type Rational } from '../../../model/rational.ts';
import type { Meter } from '../../../model/schema/meter.ts';
import type { Text } from '../../../model/text.ts';
import { registerLimits } from '../../judge/meter/meter-scale.ts';
import type { EnergyRow } from '../../read/past/energy-rows.ts';
import { HOUR_MS } from '../ledger/meter-account.ts';

export const decimal = ({ n, d }: Rational): string => String(Number(n) / Number(d));
export const kilowattHours = (millijoules: bigint): string => String(Number(millijoules) / 3.6e9);

/**
 * Walks over a meter's rows in order and compares their energy with the register's levels: between two levels the
 * energies must add up to the rise, where hours are missing they may be less. A wrong unit or scale, a reset and a
 * replaced meter show here. Each call takes the next row and says what is wrong with it.
 */
export function registerCheck(meter: Meter): (row: EnergyRow) => Text | null {
  const register = meter.registers.energy;
  let last: { readonly row: EnergyRow; readonly level: Rational } | null = null;
  let [energy, rows, spanned] = [0n, 0n, 0];
  return (row) => {
    energy += row.millijoules;
    rows += 1n;
    spanned += row.to - row.from;
    const level = row.register;
    if (!register || !level) return null;
    const before = last;
    const [sum, count, ms] = [energy, rows, spanned];
    last = { row, level };
    [energy, rows, spanned] = [0n, 0n, 0];
    if (!before) return null;
    const limits = registerLimits(meter, register, row.to - HOUR_MS);
    const rise = subtract(level, before.level);
    if (rise.n < 0n && limits.modulus === null)
      return {
        zh: `register 从 ${decimal(before.level)}（${before.row.file}:${before.row.line}）降到 ${decimal(level)}，而该表声明不翻转（modulus: none）：复位或换表之前的行请不写 register`,
        en: `register falls from ${decimal(before.level)} (${before.row.file}:${before.row.line}) to ${decimal(level)}, and the meter is declared never to roll over (modulus: none): leave register empty in the lines before a reset or a replaced meter`,
      };
    const rolled = rise.n < 0n ? subtract(rise, rational(-(limits.modulus ?? 0n))) : rise;
    const counted = multiply(rolled, limits.scale);
    // Each row has lost up to a millijoule when it was read.
    const steps = multiply(multiply(rational(2n), limits.step(level)), limits.scale);
    const tolerance = { n: steps.n + count * steps.d, d: steps.d };
    const off = subtract(counted, rational(sum));
    const whole = row.to - before.row.to === ms;
    const tooMuch = compare({ n: -off.n, d: off.d }, tolerance) > 0;
    if (!tooMuch && !(whole && compare(off, tolerance) > 0)) return null;
    const kwh = Number(counted.n) / Number(counted.d) / 3.6e9;
    return {
      zh: `电量合计 ${kilowattHours(sum)} kWh 与寄存器不符：从 ${decimal(before.level)}（${before.row.file}:${before.row.line}）到 ${decimal(level)} 按声明的倍率是 ${kwh} kWh（请查单位、倍率、互感器变比）`,
      en: `the energy, ${kilowattHours(sum)} kWh in all, disagrees with the register: from ${decimal(before.level)} (${before.row.file}:${before.row.line}) to ${decimal(level)} is ${kwh} kWh by the declared scale (check unit, scale and transformer ratio)`,
    };
  };
}
