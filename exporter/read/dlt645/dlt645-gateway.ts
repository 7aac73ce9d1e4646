import { attempt } from '../transport/attempt.ts';
import { Turns } from '../transport/turns.ts';
import { Dlt645Connection } from './dlt645-connection.ts';
import type { ItemRequest } from './dlt645-frame.ts';
import { ReadError } from '../reader.ts';

/**
 * A gateway that passes bytes on to an RS-485 line: one connection for all its meters, opened at the first request and
 * again after every failure of it. Turns run strictly one at a time, in the order in which they were asked for.
 */
export class Dlt645Gateway {
  readonly address: string;
  readonly #turns = new Turns();
  #connection: Dlt645Connection | null = null;

  /** @param address host:port */
  constructor(address: string) {
    this.address = address;
  }

  /**
   * Reads the items of one meter in one turn, each as its bytes came. The turn ends with the first failure, and after
   * `timeout` ms in all: a dead meter delays the others on its line by no more than its own timeout.
   * @throws ReadError
   */
  read(meter: string, identifiers: readonly string[], timeout: number, signal: AbortSignal): Promise<Buffer[]> {
    return this.#turns.take(this.address, signal, (end) => this.#turn(meter, identifiers, timeout, end));
  }

  /** Ends the turn under way; those that wait fail without a connection. */
  async close(): Promise<void> {
    const closed = this.#turns.close();
    this.#connection?.close();
    await closed;
  }

  async #turn(meter: string, identifiers: readonly string[], timeout: number, signal: AbortSignal): Promise<Buffer[]> {
    let asked = '';
    const where = () => `${this.address} meter ${meter}`;
    try {
      return await attempt({ where, timeout, signal }, async (end) => {
        const items: Buffer[] = [];
        for (const identifier of identifiers) {
          asked = identifier;
          items.push(await this.#exchange({ meter, identifier }, end));
        }
        return items;
      });
    } catch (error) {
      if (!(error instanceof ReadError) || error.failure !== 'timeout' || signal.aborted) throw error;
      const message = `no answer from ${where()} within ${timeout} ms (item ${asked})`;
      throw new ReadError('timeout', message, { cause: error });
    }
  }

  async #exchange(request: ItemRequest, end: AbortSignal): Promise<Buffer> {
    end.throwIfAborted();
    const kept = this.#connection?.usable ? this.#connection : null;
    const connection = kept ?? (this.#connection = await Dlt645Connection.open(this.address, end));
    try {
      return await connection.exchange(request, end);
    } catch (error) {
      // The other side may close an idle connection while the request is on its way: a read may be asked for again.
      if (kept?.lost && !end.aborted) return this.#exchange(request, end);
      throw error;
    }
  }
}
