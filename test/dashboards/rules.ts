import type { BoardJson } from './board-json.ts';

export interface Problem {
  readonly panel?: number;
  readonly refId?: string;
  readonly said: string;
}
export type Rule = (board: BoardJson) => Problem[];

/** A problem that is meant, and why. */
export interface Exception {
  readonly board: string;
  readonly rule: string;
  readonly panels: readonly number[];
  readonly reason: string;
}
