import { ReadError, type Reader } from '../reader.ts';

/** One reading for all who wait for it. */
interface Flight<T> {
  readonly answer: Promise<T>;
  readonly stop: AbortController;
  waiting: number;
  underWay: boolean;
}

/** So old may an answer be that another user is given. */
const FRESH_MS = 1000;

/**
 * A reader that several users have: one reading serves all that ask while it is under way, and others within a second of
 * its end. Nobody is given the same answer twice. A failed reading fails all that waited for it, and is not kept.
 */
export class SharedReader<T> {
  readonly #what: string;
  readonly #open: () => Reader<T>;
  #reader: Reader<T> | null = null;
  #users = 0;
  #flight: Flight<T> | null = null;

  /**
   * @param what is read, for the error of who gives up
   * @param open called at the first reading, and at the next one after the last user has closed
   */
  constructor(what: string, open: () => Reader<T>) {
    this.#what = what;
    this.#open = open;
  }

  /** A reader for one user. Its signal ends its own waiting; the reading ends when nobody waits any more. */
  user(): Reader<T> {
    this.#users++;
    let last: Flight<T> | null = null;
    let open = true;
    return {
      read: (signal) => {
        const known = this.#flight;
        last = known && (known.underWay || known !== last) ? known : this.#start();
        return this.#wait(last, signal);
      },
      close: async () => {
        if (open && --this.#users === 0) await this.close();
        open = false;
      },
    };
  }

  /** Ends what is under way. */
  async close(): Promise<void> {
    this.#flight?.stop.abort();
    this.#flight = null;
    const reader = this.#reader;
    this.#reader = null;
    await reader?.close();
  }

  #start(): Flight<T> {
    this.#reader ??= this.#open();
    const stop = new AbortController();
    const flight: Flight<T> = { answer: this.#reader.read(stop.signal), stop, waiting: 0, underWay: true };
    this.#flight = flight;
    void this.#land(flight);
    return flight;
  }

  async #land(flight: Flight<T>): Promise<void> {
    const forget = () => {
      if (this.#flight === flight) this.#flight = null;
    };
    try {
      await flight.answer;
      flight.underWay = false;
      // a text may be large: it is not held for nobody
      if (this.#users > 1) setTimeout(forget, FRESH_MS).unref();
      else forget();
    } catch {
      // told to those who wait
      forget();
    }
  }

  async #wait(flight: Flight<T>, signal: AbortSignal): Promise<T> {
    const { promise, reject } = Promise.withResolvers<never>();
    const giveUp = () => reject(new ReadError('timeout', `${this.#what}: given up before the whole answer was there`));
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    flight.waiting++;
    try {
      return await Promise.race([promise, flight.answer]);
    } finally {
      signal.removeEventListener('abort', giveUp);
      if (--flight.waiting === 0 && flight.underWay) {
        if (this.#flight === flight) this.#flight = null;
        flight.stop.abort();
      }
    }
  }
}
