import { compare, multiply, rational, type Rational } from '../../../model/rational.ts';

/** A register's limits, derived from the declaration; levels are raw register units. */
export interface RegisterLimits {
  /** millijoules per raw unit, current-transformer ratio included */
  readonly scale: Rational;
  /** the raw value at which the register starts again */
  readonly modulus: bigint | null;
  readonly ratedWatts: number;
  /** one step of the register at a level */
  readonly step: (level: Rational) => Rational;
  readonly everyMs: number;
}

const HEADROOM = rational(6n, 5n);

/** The most that a register can rise in `ms`: 1.2 times rated power, and two steps. */
export function cap(limits: RegisterLimits, level: Rational, ms: number): Rational {
  const millijoules = multiply(HEADROOM, rational(BigInt(Math.round(limits.ratedWatts)) * BigInt(Math.round(ms))));
  const units = { n: millijoules.n * limits.scale.d, d: millijoules.d * limits.scale.n };
  const step = limits.step(level);
  return { n: units.n * step.d + 2n * step.n * units.d, d: units.d * step.d };
}

/** How long an unchanged register is waited for: five intervals, or two steps at the meter's power (2 % of rated without one). */
export function stuckAfter(limits: RegisterLimits, level: Rational, watts: number | null): number {
  const step = limits.step(level);
  const stepMillijoules = (Number(step.n) / Number(step.d)) * (Number(limits.scale.n) / Number(limits.scale.d));
  const power = watts ?? 0.02 * limits.ratedWatts;
  return Math.max(5 * limits.everyMs, (2 * stepMillijoules) / power);
}

/** What no register of this modulus can show; null where it can. */
export function outOfRange(
  level: Rational,
  { modulus }: Pick<RegisterLimits, 'modulus'>,
): 'below_range' | 'above_range' | null {
  if (level.n < 0n) return 'below_range';
  return modulus !== null && compare(level, rational(modulus)) >= 0 ? 'above_range' : null;
}
