import { attempt } from '../transport/attempt.ts';
import { Turns } from '../transport/turns.ts';
import { ModbusConnection } from './modbus-connection.ts';
import type { RegisterRequest } from './modbus-frame.ts';
import { framings, type Framing } from './modbus-framing.ts';
import { ReadError } from '../reader.ts';

/**
 * One Modbus TCP device or gateway: one connection for all its unit ids, opened at the first request and again after
 * every failure of it. Turns run strictly one at a time, in the order in which they were asked for.
 */
export class ModbusGateway {
  readonly address: string;
  readonly #framing: Framing;
  readonly #turns = new Turns();
  #connection: ModbusConnection | null = null;
  #transaction = 0;

  /** @param address host:port */
  constructor(address: string, framing: keyof typeof framings = 'tcp') {
    this.address = address;
    this.#framing = framings[framing];
  }

  /**
   * Sends the requests of one meter in one turn and answers with the register bytes of each. The turn ends with the
   * first failure, and after `timeout` ms in all: a hung unit delays the others by no more than its own timeout.
   * @throws ReadError
   */
  read(requests: readonly RegisterRequest[], timeout: number, signal: AbortSignal): Promise<Buffer[]> {
    return this.#turns.take(this.address, signal, (end) => this.#turn(requests, timeout, end));
  }

  /** Ends the turn under way; those that wait fail without a connection. */
  async close(): Promise<void> {
    const closed = this.#turns.close();
    this.#connection?.close();
    await closed;
  }

  async #turn(requests: readonly RegisterRequest[], timeout: number, signal: AbortSignal): Promise<Buffer[]> {
    let asked: RegisterRequest | null = null;
    const where = () => (asked ? `${this.address} unit ${asked.unit}` : this.address);
    try {
      return await attempt({ where, timeout, signal }, async (end) => {
        const answers: Buffer[] = [];
        for (const request of requests) {
          asked = request;
          answers.push(await this.#exchange(request, end));
        }
        return answers;
      });
    } catch (error) {
      if (!(error instanceof ReadError) || !asked) throw error;
      const { function: code, address, count } = asked as RegisterRequest;
      const silent = error.failure === 'timeout' && !signal.aborted;
      const what = silent ? `no answer from ${where()} within ${timeout} ms` : error.message;
      const detail = `(function ${code}, ${count} registers from PDU address ${address})`;
      throw new ReadError(error.failure, `${what} ${detail}`, { cause: error });
    }
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
    this.#connection = await ModbusConnection.open(this.address, this.#framing, signal);
    return this.#connection;
  }
}
