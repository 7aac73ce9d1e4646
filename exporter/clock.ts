import { performance } from 'node:perf_hooks';

/** Where time comes from; tests put their own in its place. */
export interface Clock {
  /** Unix milliseconds, as the wall clock says: may jump. */
  wall(): number;
  /** Milliseconds from an unknown start: never jumps, measures every interval within a process. */
  mono(): number;
}

export const systemClock: Clock = { wall: () => Date.now(), mono: () => performance.now() };
