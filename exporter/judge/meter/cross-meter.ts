import type { Rational } from '../../../model/rational.ts';
import type { EnergyRegister, Meter } from '../../../model/schema/meter.ts';
import { byteOrders } from '../../../model/schema/places.ts';
import { decodeRegisters, registerCount } from '../../read/modbus/modbus-registers.ts';
import type { MeterAnswer, Raw } from '../../read/reader.ts';
import { crossCheck, type CrossState } from './cross-check.ts';
import { energyReading } from './energy-reading.ts';
import type { Instant, MeterEvent } from './meter.ts';
import { face } from './meter-time.ts';

/** The level as the other byte orders would read the same bytes. */
function otherOrders(register: EnergyRegister, raw: Raw): Record<string, Rational> {
  if (!('address' in register)) return {};
  const bytes = Buffer.from(raw.wire, 'hex');
  if (bytes.length !== 2 * registerCount(register.type)) return {};
  const levels: Record<string, Rational> = {};
  for (const order of byteOrders) {
    const level = order === register.order ? null : decodeRegisters(bytes, register.type, order);
    if (level) levels[order] = level;
  }
  return levels;
}

/** Compares the register of a meter with the power that it shows beside it; whatever was believed of either as energy. */
export function crossMeter(
  meter: Meter,
  state: CrossState | undefined,
  answer: MeterAnswer,
  watts: number | null,
  now: Instant,
): { state: CrossState | undefined; events: MeterEvent[] } {
  const { energy: register, power } = meter.registers;
  if (power === undefined) return { state, events: [] };
  // Of tariffs the plain sum: one that rolls over spoils a window, no more.
  const read = energyReading(meter, answer, null, 0, now.at);
  const { scale, step, modulus } = read?.limits ?? { scale: null, step: null, modulus: null };
  if (read === null || scale === null || step === null || watts === null) {
    return { state: state && { ...state, last: null }, events: [] };
  }
  const joulesPerUnit = Number(scale.n) / Number(scale.d) / 1000;
  const one = step(read.level);
  const limits = {
    joulesPerUnit,
    step: (Number(one.n) / Number(one.d)) * joulesPerUnit,
    modulus,
    everyMs: meter.every,
  };
  // An order that agreed once is right: the others are looked at only until then, and again where it no longer agrees.
  const agreed = state !== undefined && state.ratio !== null && state.verdict === 'ok';
  const others = register && answer.energy && !agreed ? otherOrders(register, answer.energy) : {};
  const { state: next, event } = crossCheck(state, { watts, levels: { '': read.level, ...others } }, face(now), limits);
  const wire = [answer.energy ?? answer.tariffs ?? [], answer.power ?? []]
    .flat()
    .map((raw) => raw.wire)
    .join(' ');
  return { state: next, events: event ? [{ ...event, wire }] : [] };
}
