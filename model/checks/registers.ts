import { knownItems } from '../dlt645-items.ts';
import { fault, under, type Fault } from '../fault.ts';
import { compare, multiply, rational } from '../rational.ts';
import type { EnergyRegister, Meter, PowerRegister, RestartRegister } from '../schema/meter.ts';
import { places, protocolOf } from '../schema/places.ts';
import type { Path } from '../yaml-tree.ts';
import type { Check } from './check.ts';
import { eachMeter } from './meters.ts';

type Register = EnergyRegister | PowerRegister | RestartRegister;

/** All registers of a meter with the path at which each is written: tariffs are the list at `energy`. */
const registersOf = ({ registers }: Meter): { path: Path; register: Register }[] => [
  ...(['energy', 'power', 'restart'] as const).flatMap((place) => {
    const register = registers[place];
    return register ? [{ path: ['registers', place], register }] : [];
  }),
  ...(registers.tariffs ?? []).map((register, index) => ({ path: ['registers', 'energy', index], register })),
];

/** A rule about one register; its faults' paths begin at the register. */
const eachRegister = (rule: (register: Register, meter: Meter) => Fault[]): Check =>
  eachMeter((meter) =>
    registersOf(meter).flatMap(({ path, register }) => rule(register, meter).map((found) => under(path, found))),
  );

const eachEnergyRegister = (rule: (register: EnergyRegister, meter: Meter) => Fault[]): Check =>
  eachRegister((register, meter) => ('modulus' in register ? rule(register, meter) : []));

export const hasRegister = eachMeter(({ source, registers }) => {
  const calculated = source.protocol === 'calculated';
  const { energy, tariffs, power, restart } = registers;
  if (restart && !energy && !tariffs) return [fault(['registers', 'restart'], 'key', 'restart_alone', {})];
  if (source.protocol === 'file-drop' || calculated !== Boolean(energy ?? tariffs ?? power)) return [];
  return [fault(['registers'], 'use', calculated ? 'calculated_register' : 'no_register', {})];
});

export const registerKind = eachRegister((register, { source: { protocol } }) => {
  if (protocol === 'calculated' || protocol === 'file-drop' || protocolOf(register) === protocol) return [];
  const expected = Object.keys(places[protocol]).join(', ');
  return [fault([], 'use', 'wrong_register', { protocol, expected })];
});

export const energyScale = eachEnergyRegister((register) =>
  (register.scale_to_wh === undefined) === (register.scale_to_j === undefined)
    ? [fault([], 'use', 'energy_scale', {})]
    : [],
);

/** An item of DL/T 645 that the standard's table here does not name must say how it is read; one with FF is a block of items. */
export const dlt645Items = eachRegister((register) => {
  if (!('identifier' in register)) return [];
  const { identifier, bytes, decimals } = register;
  if (/^(..)*FF/i.test(identifier)) return [fault(['identifier'], 'use', 'dlt645_block', {})];
  const isRead = knownItems.has(identifier.toUpperCase()) || (bytes !== undefined && decimals !== undefined);
  return isRead ? [] : [fault(['identifier'], 'use', 'dlt645_unknown', {})];
});

const bitsOf = (type: string): number => Number(/\d+$/.exec(type)?.[0]);

/** A Modbus register holds 16 bits; addresses end at 65535. */
export const lastAddress = eachRegister((register) => {
  if (!('address' in register)) return [];
  const words = bitsOf(register.type) / 16;
  if (register.address + words <= 65_536) return [];
  return [fault(['address'], 'use', 'past_last_register', { address: register.address, words })];
});

export const modulusWidth = eachEnergyRegister((register) => {
  if (!('address' in register) || register.modulus === null || register.type.startsWith('float')) return [];
  // The modulus is that of the product.
  if (register.exponent_address !== undefined) return [];
  const { type, modulus } = register;
  const bits = bitsOf(type) - (type.startsWith('u') ? 0 : 1);
  return modulus <= 2n ** BigInt(bits) ? [] : [fault(['modulus'], 'use', 'modulus_too_wide', { type })];
});

/** The judge credits no more than this above rated power. */
const HEADROOM = rational(6n, 5n);
const HOUR_S = 3600;

/** A register that can pass half its modulus between two readings, or within an hour's gap, hides its rollovers. */
export const rollover = eachEnergyRegister(({ modulus, scale_to_wh, scale_to_j }, { rated_kw, every, ct_ratio }) => {
  const joules = scale_to_j ?? (scale_to_wh && multiply(scale_to_wh, rational(HOUR_S)));
  if (modulus === null || joules === undefined) return [];
  const seconds = Math.max((2 * every) / 1000, HOUR_S);
  const most = multiply(HEADROOM, rational(BigInt(Math.ceil(rated_kw * 1000 * seconds))));
  const ratio = ct_ratio.map(({ value }) => value).toSorted(compare)[0] ?? rational(1);
  const half = multiply(multiply(joules, ratio), rational(modulus, 2n));
  if (compare(most, half) <= 0) return [];
  return [fault(['modulus'], 'use', 'ambiguous_rollover', { rated_kw, seconds })];
});
