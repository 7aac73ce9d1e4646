import type { Random } from './random.ts';

/** A parser under fire. */
export interface Target {
  readonly name: string;
  /** Inputs that are read, or that real devices have sent */
  readonly seeds: readonly (string | Uint8Array)[];
  /** Pieces of the grammar, put together at random and put in where they do not belong */
  readonly words: readonly (string | Uint8Array)[];
  /** Makes an input in a way of its own, for a half of them. @default bytes are changed in all */
  readonly make?: (random: Random) => string | Uint8Array;
  /**
   * Reads bytes. Returns null where they are a value, or the reason in a few words where they are told to be none; a
   * ReadError is such a reason too. Anything else that is thrown is a fault. Asserts what has to hold of a value.
   */
  readonly read: (bytes: Buffer, random: Random) => string | null;
  /** Longest time for one input of 16 KiB, ms. @default 50 */
  readonly mostMs?: number;
}
