import { add, compare, multiply, rational, subtract, type Rational } from '../../../model/rational.ts';
import type { EnergyRegister, Meter } from '../../../model/schema/meter.ts';
import type { MeterAnswer, Raw } from '../../read/reader.ts';
import { leastCtRatio, registerLimits, scaleOf } from './meter-scale.ts';
import { cap, outOfRange, type RegisterLimits } from './register-limits.ts';
import type { RegisterReading, RegisterState } from './register-state.ts';

/** The energy of one answer as the level of one register, with that register's limits. */
export interface EnergyReading extends Pick<RegisterReading, 'level' | 'parts' | 'fault'> {
  readonly limits: RegisterLimits;
}
type Settled = Pick<RegisterState, 'level' | 'parts'>;

/**
 * Tariff registers are judged as one: its level is the sum of theirs in millijoules (before the current-transformer
 * ratio), each unwrapped by its own modulus since the settled level. The sum can rise by no more than the meter's power
 * allows, and an answer of which one register steps back, or shows what it cannot, is held whole: so no register's
 * fault hides behind another's rise, and what is credited over a span is what all of them counted over it.
 * Null where one of the registers shows no number.
 */
export function energyReading(
  meter: Meter,
  { energy, tariffs = [] }: MeterAnswer,
  settled: Settled | null,
  gap: number,
  at: number,
): EnergyReading | null {
  const { energy: register, tariffs: registers = [] } = meter.registers;
  // A declaration that went from one register to several, or back: no level says what the others counted until then.
  const other = settled !== null && (settled.parts?.length ?? 0) !== registers.length;
  const fault = other ? ({ fault: 'counter_fell' } as const) : {};
  if (register)
    return energy?.value
      ? { level: energy.value, limits: registerLimits(meter, register, at - gap, at), ...fault }
      : null;
  const parts = tariffs.flatMap(({ value }) => value ?? []);
  if (parts.length !== registers.length) return null;
  const known = other ? null : settled;
  const moves = registers.map((one, index) => {
    const [level, before] = [parts[index]!, known?.parts?.[index]];
    return { scale: scaleOf(one), level, ...move(level, before, gap, registerLimits(meter, one, at)) };
  });
  const faults = new Set(moves.map((one) => one.fault));
  const worst = (['below_range', 'above_range', 'ambiguous_rollover', 'counter_fell'] as const).find((one) =>
    faults.has(one),
  );
  return {
    level: moves.reduce((sum, { rise, scale }) => add(sum, multiply(rise, scale)), known?.level ?? rational(0n)),
    parts,
    limits: {
      ...sumLimits(
        registers,
        moves.map(({ level }) => level),
        meter,
        at,
      ),
      scale: leastCtRatio(meter, at - gap, at),
    },
    ...(worst ? { fault: worst } : fault),
  };
}

/** How far one register came from its settled level. */
function move(
  level: Rational,
  before: Rational | undefined,
  gap: number,
  limits: RegisterLimits,
): { rise: Rational; fault?: EnergyReading['fault'] } {
  const rise = before ? subtract(level, before) : level;
  const outside = outOfRange(level, limits);
  if (outside) return { rise, fault: outside };
  if (!before) return { rise };
  const most = cap(limits, level, gap);
  const top = limits.modulus === null ? null : rational(limits.modulus);
  if (top && compare(most, top) >= 0) return { rise, fault: 'ambiguous_rollover' };
  if (rise.n >= 0n) return { rise };
  const rolled = top && add(rise, top);
  const over = rolled && level.n !== 0n && rolled.n >= 0n && compare(rolled, most) <= 0;
  return over ? { rise: rolled } : { rise, fault: 'counter_fell' };
}

/** Of the sum, which never rolls over itself: a step is a step of each. */
function sumLimits(
  registers: readonly EnergyRegister[],
  levels: readonly Rational[],
  meter: Meter,
  at: number,
): Omit<RegisterLimits, 'scale'> {
  const step = registers.reduce((sum, register, index) => {
    const one = registerLimits(meter, register, at).step(levels[index]!);
    return add(sum, multiply(one, scaleOf(register)));
  }, rational(0n));
  return { modulus: null, ratedWatts: meter.rated_kw * 1000, everyMs: meter.every, step: () => step };
}

/** What stood on the wire of all that the energy was taken from. */
export const energyWire = ({ energy, tariffs = [], restart }: MeterAnswer): string =>
  [energy, ...tariffs, restart].flatMap((raw: Raw | undefined) => raw?.wire ?? []).join(' ');
