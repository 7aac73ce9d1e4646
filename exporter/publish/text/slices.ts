import { setImmediate as nextTurn } from 'node:timers/promises';

/** The longest time that rendering may hold the event loop before others get their turn, in ms; the budget is 5. */
const SLICE_MS = 3;

/** Cuts long work into slices: `await breathe()` often, and the loop goes round whenever a slice is used up. */
export class Slices {
  #until = performance.now() + SLICE_MS;

  async breathe(): Promise<void> {
    if (performance.now() < this.#until) return;
    await nextTurn();
    this.#until = performance.now() + SLICE_MS;
  }
}
