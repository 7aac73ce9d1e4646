/** A long window says that it matters, a short one that it still goes on. */
export interface WindowPair {
  readonly long: string;
  readonly short: string;
  /** Burn of the overhead budget at which both are too high; 1 spends exactly what is allowed. */
  readonly factor: number;
  /** How long both have to be known to be too high. */
  readonly sustained: string;
}

/**
 * Windows of a 30-day overhead budget. The service world's factors (14.4, 6, 3) never fire here: at a target of 1.25 a
 * burn of 14.4 is a PUE of 4.6. These spend 2 %, 5 % and 10 % of the budget within their long window.
 */
export const fast: WindowPair = { long: '6h', short: '30m', factor: 2.4, sustained: '15m' };
export const slow: readonly WindowPair[] = [
  { long: '1d', short: '2h', factor: 1.5, sustained: '1h' },
  { long: '3d', short: '6h', factor: 1.0, sustained: '3h' },
];
export const pairs: readonly WindowPair[] = [fast, ...slow];

/** Each window once, the shortest first. */
export const windows = ['30m', '2h', '6h', '1d', '3d'] as const;
