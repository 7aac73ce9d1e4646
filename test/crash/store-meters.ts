import type { Sides } from '../../exporter/account/ledger/sides.ts';
import type { Meter } from '../../model/schema/meter.ts';

/** The first instant of the simulated plant, Unix ms. */
export const EPOCH = Date.UTC(2030, 0, 1, 0, 7);
/** Simulated time between two cycles: no divisor of an hour, so that hours close in the middle of a span. */
export const STEP_MS = 431_000;

/** A load that alternates between base + swing and base - swing, W, each for half a period. */
interface Load {
  readonly base: bigint;
  readonly swing: bigint;
  readonly periodMs: bigint;
}

interface SimulatedMeter {
  readonly id: string;
  readonly yaml: string;
  /** It is read in every so many cycles. */
  readonly cycles: number;
  readonly load: Load;
  /** Where there is a register: its level at EPOCH, millijoules per raw unit (n/d), and where it starts again. */
  readonly register?: { readonly start: bigint; readonly scale: readonly [bigint, bigint]; readonly modulus?: bigint };
}

const HOUR = 3_600_000n;
const steady = (watts: bigint): Load => ({ base: watts, swing: 0n, periodMs: HOUR });
const register = (scale: string, modulus: string) =>
  `registers: { energy: { metric: energy_wh, scale_to_wh: ${scale}, modulus: ${modulus} } }`;
const power = 'registers: { power: { metric: power_w, scale_to_w: 1 } }';
const WH: readonly [bigint, bigint] = [3_600_000n, 1n];

/** Both sides of two sites: import, generation, export that exceeds import, a rollover, a scale with a remainder, power alone. */
export const simulated: readonly SimulatedMeter[] = [
  {
    id: 'a-gate',
    yaml: `site: a, role: facility, rated_kw: 200, ${register('1', 'none')}`,
    cycles: 1,
    load: { base: 120_000n, swing: 40_000n, periodMs: 7n * HOUR },
    register: { start: 2n ** 53n - 2_000_000n, scale: WH }, // passes 2^53 on the way
  },
  {
    id: 'a-sun',
    yaml: `site: a, role: facility, direction: generation, idle_ok: true, rated_kw: 100, ${register('1', 'none')}`,
    cycles: 2,
    load: { base: 40_000n, swing: 40_000n, periodMs: 24n * HOUR },
    register: { start: 77n, scale: WH },
  },
  {
    id: 'a-hall',
    yaml: `site: a, role: it, rated_kw: 80, ${register('1', '1000000')}`,
    cycles: 1,
    load: { base: 50_000n, swing: 20_000n, periodMs: 5n * HOUR },
    register: { start: 900_000n, scale: WH, modulus: 1_000_000n },
  },
  {
    id: 'a-row',
    yaml: `site: a, role: it, rated_kw: 60, ${register('0.71234567', 'none')}`,
    cycles: 1,
    load: steady(40_000n),
    register: { start: 12_345n, scale: [2_564_444_412n, 1000n] },
  },
  { id: 'a-fans', yaml: `site: a, role: cooling, rated_kw: 100, ${power}`, cycles: 1, load: steady(36_000n) },
  {
    id: 'b-gate',
    yaml: `site: b, role: facility, rated_kw: 150, ${register('1', 'none')}`,
    cycles: 3,
    load: steady(90_000n),
    register: { start: 5_000_000n, scale: WH },
  },
  {
    id: 'b-out',
    yaml: `site: b, role: facility, direction: export, idle_ok: true, rated_kw: 130, ${register('1', 'none')}`,
    cycles: 2, // it and b-gate are never at one instant, but every sixth cycle
    load: { base: 60_000n, swing: 60_000n, periodMs: 20n * HOUR },
    register: { start: 1n, scale: WH },
  },
  { id: 'b-load', yaml: `site: b, role: it, rated_kw: 80, ${power}`, cycles: 1, load: steady(64_000n) },
];

/** Energy since EPOCH, W ms = mJ. */
function energyAt({ base, swing, periodMs }: Load, at: number): bigint {
  const t = BigInt(at - EPOCH);
  const x = t % periodMs;
  return base * t + swing * (2n * x < periodMs ? x : periodMs - x);
}

/** Raw units that the register would show if it had no end. */
export const unitsAt = ({ load, register: { start } = { start: 0n, scale: WH } }: SimulatedMeter, at: number): bigint =>
  start + energyAt(load, at) / 3_600_000n;

/** What the meter shows: the level of its register, or its power in W. */
export const shownAt = (meter: SimulatedMeter, at: number): bigint =>
  meter.register === undefined ? meter.load.base : unitsAt(meter, at) % (meter.register.modulus ?? 2n ** 64n);

/** What the child needs, without the parsers that make it. */
export interface StorePlant {
  readonly meters: readonly Meter[];
  readonly sides: ReadonlyMap<string, Sides>;
}
