import type { Check } from '../tally.ts';

/** A part of the proof, with planes of its own. `npm run test:cluster -- NAME …` runs those named. */
export interface Part {
  readonly name: string;
  /** Opens what the checks need; `ends` closes it once the last of them has run. */
  readonly checks: (ends: AsyncDisposableStack) => Promise<readonly Check[]>;
}
