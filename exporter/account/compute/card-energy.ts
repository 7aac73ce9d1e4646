import { cardStates, type CardState } from '../../../model/card-states.ts';
import type { Device } from '../../judge/device/device.ts';
import { allocationsOf } from './compute-holder.ts';
import { BUSY_ACTIVITY } from './waterfall.ts';

/** What is remembered of each card: start with `noCards`, hand each result to the next call. */
export interface CardEnergy {
  /** Device id -> its last power reading */
  readonly last: ReadonlyMap<
    string,
    { readonly at: number; readonly watts: number; readonly joules: number | null; readonly shares: Shares }
  >;
  /** State -> the part of a millijoule, 0-1, that was not credited yet */
  readonly remainders: Readonly<Record<CardState, number>>;
}
/** Parts of one card by what they do; they add up to 1. */
type Shares = Readonly<Record<CardState, number>>;

const nothing: Shares = { busy: 0, idle: 0, unallocated: 0 };
export const noCards: CardEnergy = { last: new Map(), remainders: nothing };

/**
 * Energy since each card's last power reading, in millijoules by state: the trapezoid over monotonic time, of which each
 * half counts by the state at its end. Where the card has an energy counter, and what that counted agrees with its power
 * within a factor of two (after a reset, or in another unit, it does not), the counter says how much it was. Nothing across a
 * gap of more than `maxGap` ms. A card that several pods or slices
 * share is divided by their shares; where its activity is unknown, what is allocated counts as busy, so that no energy is
 * called idle without evidence.
 */
export function cardEnergy(
  state: CardEnergy,
  { at, devices }: { readonly at: number; readonly devices: readonly Device[] },
  maxGap: number,
): { readonly state: CardEnergy; readonly millijoules: Readonly<Record<CardState, bigint>> } {
  const last = new Map([...state.last].filter(([, before]) => at - before.at <= maxGap));
  const exact = { ...state.remainders };
  for (const device of devices) {
    const { id, powerW: watts } = device;
    if (watts === null) continue;
    const shares = sharesOf(device);
    const joules = device.energyJ ? Number(device.energyJ.n) / Number(device.energyJ.d) : null;
    const before = last.get(id);
    // W x ms = mJ
    const half = before ? (at - before.at) / 2 : 0;
    const drawn = half * ((before?.watts ?? 0) + watts);
    const earlier = before?.joules ?? null;
    const counted = earlier !== null && joules !== null ? (joules - earlier) * 1000 : 0;
    const scale = drawn > 0 && counted >= drawn / 2 && counted <= drawn * 2 ? counted / drawn : 1;
    for (const name of cardStates)
      exact[name] += scale * half * ((before?.watts ?? 0) * (before?.shares[name] ?? 0) + watts * shares[name]);
    last.set(id, { at, watts, joules, shares });
  }
  const whole = (name: CardState): number => Math.floor(exact[name]);
  return {
    state: { last, remainders: each((name) => exact[name] - whole(name)) },
    millijoules: each((name) => BigInt(whole(name))),
  };
}

const each = <T>(of: (name: CardState) => T): Record<CardState, T> => ({
  busy: of('busy'),
  idle: of('idle'),
  unallocated: of('unallocated'),
});

function sharesOf(device: Device): Shares {
  const shares = { ...nothing };
  for (const { share, activity } of allocationsOf(device)) {
    const isIdle = activity !== null && activity / share <= BUSY_ACTIVITY;
    shares[isIdle ? 'idle' : 'busy'] += share;
  }
  return { ...shares, unallocated: Math.max(0, 1 - shares.busy - shares.idle) };
}
