import { subtract, type Rational } from '../../../model/rational.ts';
import { maxGap } from './power.ts';
import type { Verdict } from '../verdict.ts';

type Event = NonNullable<Verdict<unknown>['event']>;

/** One answer of a meter that shows energy and power. */
export interface CrossReading {
  readonly watts: number;
  /** The register's raw level as it is declared under '', and as the other byte orders would read it. */
  readonly levels: Readonly<Record<string, Rational>>;
}

interface Sum {
  /** joules */
  readonly rise: number;
  /** The largest move between two readings, joules: a window that is mostly one move is a spike, a reset or a wrap. */
  readonly peak: number;
}

/** The window that is open, and what the last one came to. Doubles: nothing of this is ever credited. */
export interface CrossState {
  /** Time over which both were read. */
  readonly ms: number;
  readonly joules: number;
  readonly stretches: number;
  /** Unbroken rows of stretches: each may be off by one step of the register. */
  readonly runs: number;
  readonly sums: Readonly<Record<string, Sum>>;
  /** Register energy / integrated power of the last finished window. */
  readonly ratio: number | null;
  /** What was said of it: 'ok', 'off', or a factor or byte order. */
  readonly verdict: string;
  /** Ends with the process: the sums go on with the next two readings. */
  readonly last: (CrossReading & { readonly mono: number }) | null;
}

export interface CrossLimits {
  readonly joulesPerUnit: number;
  /** One step of the register, joules. */
  readonly step: number;
  readonly modulus: bigint | null;
  readonly everyMs: number;
}

const WINDOW_MS = 3_600_000;
const STRETCHES = 8;
const STEPS = 20;
const FACTORS = [10, 100, 1000, 0.1, 0.01, 0.001];
/** Of a factor's own value. */
const NEAR = 0.03;
const FAR = 0.2;

const EMPTY = { ms: 0, joules: 0, stretches: 0, runs: 0, sums: {} };
const NEW: CrossState = { ...EMPTY, ratio: null, verdict: 'ok', last: null };

const toNumber = ({ n, d }: Rational): number => Number(n) / Number(d);

/** Adds the stretch from the last answer to this one; an order that shows no number in one of them is out. */
function extend(state: CrossState, reading: CrossReading, ms: number, limits: CrossLimits): CrossState {
  const { last } = state;
  if (last === null) return state;
  const { joulesPerUnit, modulus } = limits;
  const sums: Record<string, Sum> = {};
  for (const [order, level] of Object.entries(reading.levels)) {
    const before = last.levels[order];
    const sum = state.stretches === 0 ? { rise: 0, peak: 0 } : state.sums[order];
    if (before === undefined || sum === undefined) continue;
    const units = toNumber(subtract(level, before));
    const rolled = order === '' && units < 0 && modulus !== null ? units + Number(modulus) : units;
    const joules = rolled * joulesPerUnit;
    sums[order] = { rise: sum.rise + joules, peak: Math.max(sum.peak, Math.abs(joules)) };
  }
  const joules = state.joules + ((Math.max(0, last.watts) + Math.max(0, reading.watts)) / 2) * (ms / 1000);
  return { ...state, ms: state.ms + ms, joules, stretches: state.stretches + 1, sums };
}

/** What a finished window says: a verdict, and what an event would tell; null where it says nothing. */
function conclude(state: CrossState, { step }: CrossLimits): (Event & { verdict: string }) | 'ok' | null {
  const { joules, runs, sums } = state;
  const near = ({ rise }: Sum, factor: number, most: number): boolean =>
    Math.abs(rise / (joules * factor) - 1) <= most + Math.min(0.5, (runs * step) / Math.max(Math.abs(rise), step));
  const whole = ({ rise, peak }: Sum): boolean => peak <= Math.max(rise / 2, 3 * step);
  const own = sums[''];
  if (own === undefined || joules <= 0) return null;
  if (whole(own) && near(own, 1, FAR)) return 'ok';
  const detail = {
    ratio: Number((own.rise / joules).toPrecision(4)),
    register_j: Math.round(own.rise),
    power_j: Math.round(joules),
  };
  const factor = FACTORS.find((one) => whole(own) && near(own, one, NEAR));
  if (factor !== undefined) return { kind: 'scale_suspect', detail: { ...detail, factor }, verdict: String(factor) };
  const order = Object.keys(sums).find((one) => one !== '' && whole(sums[one]!) && near(sums[one]!, 1, NEAR));
  if (order !== undefined) return { kind: 'cross_check', detail: { ...detail, order }, verdict: order };
  return whole(own)
    ? { kind: 'cross_check', detail: { ...detail, look_at: 'order, ct_ratio, scale_to_w' }, verdict: 'off' }
    : null;
}

/**
 * Compares an energy register with the integral of the meter's own power, over an hour or more in which both were read
 * and at least 20 steps of the register. A wrong scale, byte order or transformer ratio shows; nothing is credited by it.
 * @param reading null: the answer lacks one of the two, so that the row of stretches breaks
 * @param gap ms since the last answer
 */
export function crossCheck(
  before: CrossState | undefined,
  reading: CrossReading | null,
  mono: number,
  limits: CrossLimits,
): { state: CrossState | undefined; event?: Event } {
  if (reading === null) return { state: before && { ...before, last: null } };
  const state = before ?? NEW;
  const gap = state.last === null ? Infinity : mono - state.last.mono;
  const last = { ...reading, mono };
  if (gap > maxGap(limits.everyMs)) return { state: { ...state, runs: state.runs + 1, last } };
  const next = { ...extend(state, reading, gap, limits), last };
  const steps = Math.max(next.sums['']?.rise ?? 0, next.joules) / limits.step;
  if (next.ms < WINDOW_MS || next.stretches < STRETCHES || steps < STEPS) return { state: next };
  const said = conclude(next, limits);
  const open = { ...next, ...EMPTY, runs: 1 };
  if (said === null) return { state: open };
  const ratio = (next.sums['']?.rise ?? 0) / next.joules;
  if (said === 'ok') return { state: { ...open, ratio, verdict: 'ok' } };
  const { verdict, ...event } = said;
  return { state: { ...open, ratio, verdict }, ...(verdict !== state.verdict && { event }) };
}
