import { maxGap } from './power.ts';
import type { RegisterState } from './register-state.ts';
import type { Verdict } from '../verdict.ts';

/** A register's delta over a longer gap is bridged: credited, but metered only for windows that hold the whole gap. */
export const BRIDGE_MS = 3_600_000;

/** The part of the open gap in which the register was silent, or stuck: the rest was read, at the settled level. */
export const unread = ({ stuck, heardMs }: RegisterState, gap: number): number => (stuck ? gap : gap - heardMs);

/** Seconds of the open gap that have not yet been counted as unmetered; the caller counts them on. */
export const unmeteredOf = (state: RegisterState, from: number, to: number): number =>
  Math.max(0, to - Math.max(from, state.unmeteredTo));

/** The same where the whole gap is lost: also the part that was read, if the silence after it was counted already. */
export const lostOf = (state: RegisterState, from: number, to: number): number =>
  unmeteredOf(state, from, to) + (!state.stuck && state.unmeteredTo > state.at ? state.heardMs : 0);

/** Two readings further apart are lone figures: anything fits between them, a spike too. */
export const longest = (everyMs: number): number => Math.max(BRIDGE_MS, maxGap(everyMs));

/** Whether one reading is too little to end the open gap. */
export const isLong = (state: RegisterState, gap: number, everyMs: number): boolean =>
  unread(state, gap) > (state.imported ? BRIDGE_MS : longest(everyMs));

/**
 * Time passed without a reading that fits: after an hour (at once where the register is stuck) it counts as unmetered,
 * whatever a later reading may still bridge.
 */
export function ageGap(
  state: RegisterState,
  at: number,
  gap: number,
): Pick<Verdict<RegisterState>, 'state' | 'unmetered'> {
  const silence = unread(state, gap);
  if (!state.stuck && silence <= BRIDGE_MS) return { state, unmetered: 0 };
  return {
    state: { ...state, unmeteredTo: Math.max(state.unmeteredTo, at) },
    unmetered: unmeteredOf(state, at - silence, at),
  };
}
