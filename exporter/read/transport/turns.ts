import { ReadError } from '../reader.ts';

/** What one gateway or serial line is asked for: strictly one piece of work at a time, in the order of asking. */
export class Turns {
  #last: Promise<void> = Promise.resolve();
  /** Ends the turn under way. */
  #stop = new AbortController();
  #closed = false;

  /**
   * @param where for the error of one who gives up while others have their turn
   * @param work gets a signal that aborts when the asker gives up, and when all is closed
   * @throws ReadError 'timeout', or whatever the work throws
   */
  take<T>(where: string, signal: AbortSignal, work: (end: AbortSignal) => Promise<T>): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const giveUp = () => reject(new ReadError('timeout', `${where}: given up while it waited for its turn`));
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    const before = this.#last;
    const turn = async () => {
      await before;
      signal.removeEventListener('abort', giveUp);
      // By hand and not by AbortSignal.any(): a signal that outlives thousands of turns would remember each of them.
      const stop = new AbortController();
      const end = () => stop.abort(signal.reason);
      this.#stop = stop;
      if (this.#closed || signal.aborted) end();
      signal.addEventListener('abort', end, { once: true });
      await work(stop.signal).then(resolve, reject);
      signal.removeEventListener('abort', end);
    };
    this.#last = turn();
    return promise;
  }

  /** Ends the turn under way; work that waits, and all that is asked for later, gets an aborted signal. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#stop.abort();
    await this.#last;
  }
}
