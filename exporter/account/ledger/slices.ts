import { setImmediate as turn } from 'node:timers/promises';

/** After so much work the event loop goes round: scrapes and devices wait no longer. */
const SLICE_MS = 10;

/** Work in steps of some ms each, with a result. */
export type Steps<T> = IterableIterator<void, T>;

/** Does all steps without a pause. */
export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/**
 * Does the steps in slices, with turns of the event loop between them. null where it ended early, for it had taken
 * `mostMs` or was called off: then the steps are told so, as a loop that breaks does.
 */
export async function inSlices<T>(
  steps: Steps<T>,
  { mostMs = Infinity, signal }: { readonly mostMs?: number; readonly signal: AbortSignal },
): Promise<T | null> {
  const begun = performance.now();
  for (let slice = begun; ;) {
    const step = steps.next();
    if (step.done) return step.value;
    const now = performance.now();
    if (now - slice < SLICE_MS) continue;
    if (now - begun >= mostMs || signal.aborted) {
      steps.return?.();
      return null;
    }
    await turn();
    slice = performance.now();
  }
}
