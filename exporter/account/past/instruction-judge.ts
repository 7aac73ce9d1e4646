import { multiply, type Rational } from '../../../model/rational.ts';
import type { EnergyRegister, Meter } from '../../../model/schema/meter.ts';
import type { Text } from '../../../model/text.ts';
import { ctRatio, registerLimits, scaleOf } from '../../judge/meter/meter-scale.ts';
import { unmeteredOf } from '../../judge/meter/register-gap.ts';
import { cap, outOfRange, type RegisterLimits } from '../../judge/meter/register-limits.ts';
import { advance } from '../../judge/meter/register-settle.ts';
import { between, firstReading, millijoules, type RegisterState, ZERO } from '../../judge/meter/register-state.ts';
import type { Span } from '../../judge/verdict.ts';
import type { Asked, Instruction } from './instruction.ts';
import { refusals } from './instruction-words.ts';
import type { GapRow } from '../ledger/meter-account.ts';
import type { Stretch } from './past.ts';
import type { StoredGap } from '../ledger/stored-gap.ts';

/** What the ledger says around an instruction. */
export interface Found {
  readonly now: number;
  readonly register: RegisterState | null;
  /** Start of the hour of the meter's first live reading */
  readonly first: number | null;
  readonly gaps: readonly StoredGap[];
  /** The ratio by which the readings around an instant were scaled; null where none is on record */
  readonly ratioAt: (at: number) => Rational | null;
  readonly closed: (span: Stretch) => readonly string[];
  /** Over which a part of a span was closed by hand already */
  readonly manual: (span: Stretch) => Stretch | null;
  readonly twin: Asked | null;
}

type Energy = Stretch & { readonly millijoules: bigint };

/** What an instruction comes to. */
export interface Decision {
  /** Energy of the gap, as known now: the entry of kind manual */
  readonly manual: Energy;
  /** By which it was scaled */
  readonly ratio: Rational;
  /** Of what was credited over the whole gap, the part that belongs behind the reading */
  readonly moved: Energy | null;
  /** The gap was still open: the register goes on from here, and these seconds were not metered */
  readonly open: { readonly state: RegisterState; readonly span: Span; readonly unmetered: number } | null;
  /** The level that was left without evidence was another meter's: what lies above it was not credited before */
  readonly clears: Rational | null;
  /** Rows that take the place of the unmetered one */
  readonly gaps: readonly Omit<GapRow, 'meter'>[];
}

/** What the register counted from a state to a level; a text says why it cannot be told. */
function counted(state: RegisterState, level: Rational, at: number, limits: RegisterLimits): bigint | Text {
  const gap = at - state.at;
  const most = cap(limits, level, gap);
  if (limits.modulus !== null && most.n >= limits.modulus * most.d) return refusals.hidden({ from: state.at, to: at });
  const way = advance(state, { level, at, gap, watts: null, idleOk: false }, most, limits);
  return way?.energy ?? refusals.misfit(level, state, millijoules(limits, ZERO, most));
}

const isText = (value: bigint | Text): value is Text => typeof value !== 'bigint';

/** The gap is open: the register goes on from the level that somebody read, or from that of the new meter. */
function closeOpen(
  { at, value, initial }: Instruction,
  state: RegisterState,
  limits: RegisterLimits,
  meter: Meter,
): Omit<Decision, 'ratio'> | Text {
  const span = { from: state.at, to: at };
  const change = meter.ct_ratio.find(({ from }) => from > span.from && from < span.to);
  if (change) return refusals.ratioChanges(span, change.from);
  const energy = counted({ ...state, held: null }, value, at, limits);
  if (isText(energy)) return energy;
  const next = firstReading(initial ?? value, at);
  const levels = between(state.level, value);
  // The counters never get this energy: to whoever reads them its seconds are lost.
  const unmetered = unmeteredOf(state, span.from, at);
  const kept = initial === null && { left: state.left, ...(state.restart && { restart: state.restart }) };
  return {
    manual: { ...span, millijoules: energy },
    moved: null,
    open: {
      state: { ...next, ...kept, unmeteredTo: Math.max(at, state.unmeteredTo) },
      span: { ...span, millijoules: 0n, kind: 'unmetered', levels },
      unmetered,
    },
    clears: null,
    gaps: [{ ...span, kind: 'manual', millijoules: 0n, levels }],
  };
}

/** The gap ended without being bridged: it is closed up to the reading, or whole where the meter was replaced in it. */
function closeStored(
  { at, value, initial }: Instruction,
  gap: StoredGap & { readonly before: Rational; readonly after: Rational },
  limits: RegisterLimits,
): Omit<Decision, 'ratio'> | Text {
  const { from, to, before, after, millijoules: credited } = gap;
  const old = counted(firstReading(before, from), value, at, limits);
  if (isText(old)) return old;
  if (initial !== null) {
    const fresh = counted(firstReading(initial, at), after, to, limits);
    if (isText(fresh)) return fresh;
    // Less than nothing, where a new meter that did not begin at zero was taken for one that did.
    return {
      manual: { from, to, millijoules: old + fresh - credited },
      moved: null,
      open: null,
      clears: before,
      gaps: [{ from, to, kind: 'manual', millijoules: credited, levels: between(before, after) }],
    };
  }
  // What was credited was counted after a register began again: behind the reading, though it is spread over the whole gap.
  const part = (credited * BigInt(at - from)) / BigInt(to - from);
  return {
    manual: { from, to: at, millijoules: old - part },
    moved: part === 0n ? null : { from: at, to, millijoules: part },
    open: null,
    clears: null,
    gaps: [
      { from, to: at, kind: 'manual', millijoules: 0n, levels: between(before, value) },
      ...(at < to
        ? [{ from: at, to, kind: 'unmetered' as const, millijoules: credited, levels: between(value, after) }]
        : []),
    ],
  };
}

function registerOf(meter: Meter): EnergyRegister | null {
  const { energy } = meter.registers;
  return meter.source.protocol === 'calculated' || energy === undefined ? null : energy;
}

/** What an instruction for a declared meter comes to, or why it cannot be carried out. */
export function judgeInstruction(asked: Instruction, meter: Meter, found: Found): Decision | { refused: Text } {
  const decision = decide(asked, meter, found);
  if ('zh' in decision) return { refused: decision };
  const { from, to } = decision.manual;
  const touched = { from, to: decision.moved?.to ?? to };
  const manual = found.manual(touched);
  if (manual) return { refused: refusals.manual(touched, manual) };
  const closed = found.closed(touched);
  if (closed.length === 0) return decision;
  return { refused: decision.open ? refusals.closedOpen(closed, touched) : refusals.closed(closed, touched) };
}

function decide(asked: Instruction, meter: Meter, found: Found): Decision | Text {
  const { at, value, initial } = asked;
  const { now, register: state, first, gaps, twin } = found;
  const register = registerOf(meter);
  if (register === null) return refusals.noRegister(meter.id);
  if (at > now) return refusals.future(at, now);
  for (const level of initial === null ? [value] : [value, initial])
    if (outOfRange(level, register) !== null) return refusals.outside(level, register.modulus);
  if (twin) return refusals.duplicate(twin.id);
  if (state === null) return refusals.neverRead(meter.id);
  const scaled = (by: Rational, comes: Omit<Decision, 'ratio'> | Text): Decision | Text =>
    'zh' in comes ? comes : { ...comes, ratio: by };
  // A meter may be replaced at the very reading that was its last.
  if (at > state.at || (initial !== null && at === state.at))
    return scaled(ctRatio(meter, state.at), closeOpen(asked, state, registerLimits(meter, register, state.at), meter));
  if (first !== null && at < first) return refusals.beforeFirst(meter.id, at, first);
  const gap = gaps.find(({ from }) => from < at) ?? (initial === null ? undefined : gaps[0]);
  if (gap === undefined) return refusals.noGap(meter.id, at, state);
  const { before, after } = gap;
  if (gap.kind !== 'unmetered' || before === null || after === null) return refusals.notOpen(gap);
  const ratio = found.ratioAt(gap.from) ?? ctRatio(meter, at);
  const limits = { ...registerLimits(meter, register, at), scale: multiply(scaleOf(register), ratio) };
  return scaled(ratio, closeStored(asked, { ...gap, before, after }, limits));
}
