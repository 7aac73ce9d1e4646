import { compare, multiply, rational, type Rational } from '../../../model/rational.ts';
import type { EnergyRegister, Meter } from '../../../model/schema/meter.ts';
import type { Raw } from '../../read/reader.ts';
import type { RegisterLimits } from './register-limits.ts';

const FLOAT_BITS: Readonly<Record<string, number>> = { float32: 23, float64: 52 };

/** One step of a register: 1 for integers, the spacing of floats at that level, the last digit of a text. */
function stepOf(register: EnergyRegister): (level: Rational) => Rational {
  if (!('type' in register)) return (level) => rational(1n, level.d);
  const bits = FLOAT_BITS[register.type];
  if (bits === undefined) return () => rational(1n);
  return (level) => {
    const exponent = Math.floor(Math.log2(Math.abs(Number(level.n) / Number(level.d)) || 1)) - bits;
    return exponent >= 0 ? rational(2n ** BigInt(exponent)) : rational(1n, 2n ** BigInt(-exponent));
  };
}

const ONE = rational(1n);
const MILLIJOULES_PER_WH = rational(3_600_000n);
const MILLIJOULES_PER_J = rational(1000n);

/** The current-transformer ratio in force: 1 before the first. */
export const ctRatio = (meter: Meter, at: number): Rational =>
  meter.ct_ratio.findLast(({ from }) => from <= at)?.value ?? ONE;

/** The lowest ratio in force in [from, to): energy across a change is never more than the truth. */
export const leastCtRatio = (meter: Meter, from: number, to: number): Rational =>
  meter.ct_ratio
    .filter((one) => from < one.from && one.from < to)
    .reduce((least, { value }) => (compare(value, least) < 0 ? value : least), ctRatio(meter, from));

/** Millijoules per raw unit, before the current-transformer ratio. */
export const scaleOf = ({ scale_to_wh: wh, scale_to_j: j }: EnergyRegister): Rational =>
  wh ? multiply(wh, MILLIJOULES_PER_WH) : multiply(j ?? ONE, MILLIJOULES_PER_J);

/** What an energy register of this meter can show and count at an instant, or from one to another. */
export function registerLimits(meter: Meter, register: EnergyRegister, from: number, to = from): RegisterLimits {
  return {
    scale: multiply(scaleOf(register), leastCtRatio(meter, from, to)),
    modulus: register.modulus,
    ratedWatts: meter.rated_kw * 1000,
    step: stepOf(register),
    everyMs: meter.every,
  };
}

/** A power register's reading in watts; NaN where there is none. */
export function wattsOf(meter: Meter, raw: Raw, at: number): number {
  const register = meter.registers.power;
  if (register === undefined || raw.value === null) return Number.NaN;
  const { n, d } = multiply(multiply(raw.value, register.scale_to_w), ctRatio(meter, at));
  const { offset } = register;
  return Number(n) / Number(d) + (offset ? Number(offset.n) / Number(offset.d) : 0);
}
