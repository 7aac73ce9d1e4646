import type { CrossState } from './cross-check.ts';
import type { PowerState } from './power.ts';
import type { RegisterState } from './register-state.ts';

/** A state, and the monotonic instant of its `at`: null after a restart, when only the wall clock bridges. */
export interface Kept<S> {
  readonly state: S;
  readonly mono: number | null;
}

/** What is remembered of a meter between readings. */
export interface MeterState {
  /** The first level that was read, until a second reading agrees with it. */
  readonly first: Kept<Pick<RegisterState, 'level' | 'at' | 'parts'>> | null;
  readonly register: Kept<RegisterState> | null;
  readonly power: Kept<PowerState> | null;
  /** Of a meter that shows both: energy and integrated power, compared. */
  readonly cross?: CrossState;
}
export const unread: MeterState = { first: null, register: null, power: null };

/** The instant up to which a meter's energy is known, null before its first reading. */
export const reachOf = (state: MeterState): number | null => state.register?.state.at ?? state.power?.state.at ?? null;

/** For the ledger: exact levels as text, without the monotonic instants, which end with the process. */
export function packState(state: MeterState): string {
  const { register, power, cross } = state;
  const bare = {
    register: register?.state ?? null,
    power: power?.state ?? null,
    ...(cross && { cross: { ...cross, last: null } }),
  };
  return JSON.stringify(bare, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
}

export function unpackState(text: string): MeterState {
  const bare = JSON.parse(text, (_, value: unknown) =>
    typeof value === 'string' && /^-?\d+n$/.test(value) ? BigInt(value.slice(0, -1)) : value,
  ) as { register: RegisterState | null; power: PowerState | null; cross?: CrossState };
  return {
    first: null,
    register: bare.register && { state: bare.register, mono: null },
    power: bare.power && { state: bare.power, mono: null },
    ...(bare.cross && { cross: bare.cross }),
  };
}
