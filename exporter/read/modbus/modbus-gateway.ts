import { attempt } from '../transport/attempt.ts';
import { ModbusConnection } from './modbus-connection.ts';
import type { RegisterRequest } from './modbus-frame.ts';
import { ReadError } from '../reader.ts';

/**
 * One Modbus TCP device or gateway: one connection for all its unit ids, opened at the first request and again after
 * every failure of it. Turns run strictly one at a time, in the order in which they were asked for.
 */
export class ModbusGateway {
  readonly address: string;
  #connection: ModbusConnection | null = null;
  #lastTurn: Promise<void> = Promise.resolve();
  #transaction = 0;
  /** Ends the turn under way. */
  #stop = new AbortController();
  #closed = false;

  /** @param address host:port */
  constructor(address: string) {
    this.address = address;
  }

  /**
   * Sends the requests of one meter in one turn and answers with the register bytes of each. The turn ends with the
   * first failure, and after `timeout` ms in all: a hung unit delays the others by no more than its own timeout.
   * @throws ReadError
   */
  read(requests: readonly RegisterRequest[], timeout: number, signal: AbortSignal): Promise<Buffer[]> {
    const { promise, resolve, reject } = Promise.withResolvers<Buffer[]>();
    const giveUp = () => reject(new ReadError('timeout', `${this.address}: given up while it waited for its turn`));
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    const turnBefore = this.#lastTurn;
    const turn = async () => {
      await turnBefore;
      signal.removeEventListener('abort', giveUp);
      await this.#turn(requests, timeout, signal).then(resolve, reject);
    };
    this.#lastTurn = turn();
    return promise;
  }

  /** Ends the turn under way; those that wait fail without a connection. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#stop.abort();
    this.#connection?.close();
    await this.#lastTurn;
  }

  async #turn(requests: readonly RegisterRequest[], timeout: number, signal: AbortSignal): Promise<Buffer[]> {
    if (!this.#closed) this.#stop = new AbortController();
    let where = this.address;
    const limits = { where: () => where, timeout, signal: AbortSignal.any([signal, this.#stop.signal]) };
    return attempt(limits, async (end) => {
      const answers: Buffer[] = [];
      for (const request of requests) {
        const { unit, function: code, address, count } = request;
        where = `${this.address} unit ${unit}, function ${code}, ${count} registers from ${address}`;
        answers.push(await this.#exchange(request, end));
      }
      return answers;
    });
  }

  async #exchange(request: RegisterRequest, end: AbortSignal): Promise<Buffer> {
    end.throwIfAborted();
    const kept = this.#connection?.usable ? this.#connection : null;
    const connection = kept ?? (await this.#open(end));
    this.#transaction = (this.#transaction + 1) & 0xffff;
    try {
      return await connection.exchange(this.#transaction, request, end);
    } catch (error) {
      // The other side may close an idle connection while the request is on its way: a read may be asked for again.
      if (kept?.lost && !end.aborted) return this.#exchange(request, end);
      throw error;
    }
  }

  async #open(signal: AbortSignal): Promise<ModbusConnection> {
    const colon = this.address.lastIndexOf(':');
    const host = this.address.slice(0, colon).replace(/^\[(.*)\]$/, '$1');
    this.#connection = await ModbusConnection.open(host, Number(this.address.slice(colon + 1)), signal);
    return this.#connection;
  }
}
