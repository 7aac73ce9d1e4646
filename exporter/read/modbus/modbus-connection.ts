import type { Socket } from 'node:net';
import { decodeAnswer, ModbusException, type RegisterRequest } from './modbus-frame.ts';
import type { Framing } from './modbus-framing.ts';
import { ReadError } from '../reader.ts';
import { openSocket } from '../transport/tcp-socket.ts';

interface Exchange {
  readonly transaction: number;
  readonly request: RegisterRequest;
  resolve(registers: Buffer): void;
  reject(error: unknown): void;
}

/** One TCP connection with at most one request under way. */
export class ModbusConnection {
  readonly #socket: Socket;
  readonly #framing: Framing;
  readonly #splitter: ReturnType<Framing['splitter']>;
  #exchange: Exchange | null = null;
  #silent = 0;
  #lost = false;
  #closed = false;

  private constructor(socket: Socket, framing: Framing) {
    this.#socket = socket;
    this.#framing = framing;
    this.#splitter = framing.splitter();
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    // without a request under way both are the end of an idle connection, which is no failure
    socket.on('error', (error) => this.#end(error));
    socket.on('close', () => this.#end(new ReadError('protocol', 'the connection ended before the answer')));
  }

  /** @param address host:port */
  static async open(address: string, framing: Framing, signal: AbortSignal): Promise<ModbusConnection> {
    return new ModbusConnection(await openSocket(address, signal), framing);
  }

  get usable(): boolean {
    return this.#socket.readyState === 'open';
  }

  /** true: the other side or the network ended it, not close(). */
  get lost(): boolean {
    return this.#lost;
  }

  /**
   * Sends one request and waits for its answer: the register bytes as they stood on the wire.
   * An exception of the device leaves the connection as it is; an answer that is wrong in any other way ends it.
   */
  async exchange(transaction: number, request: RegisterRequest, signal: AbortSignal): Promise<Buffer> {
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
    const abandon = () => {
      if (++this.#silent >= this.#framing.silentRequests) this.close();
      reject(signal.reason);
    };
    signal.addEventListener('abort', abandon, { once: true });
    this.#exchange = { transaction, request, resolve, reject };
    try {
      this.#socket.write(this.#framing.encode(transaction, request));
      return await promise;
    } finally {
      this.#exchange = null;
      signal.removeEventListener('abort', abandon);
    }
  }

  close(): void {
    this.#closed = true;
    this.#socket.destroy();
  }

  #end(error: Error): void {
    this.#lost = !this.#closed;
    this.#exchange?.reject(error);
  }

  #receive(chunk: Buffer): void {
    this.#silent = 0;
    try {
      for (const adu of this.#splitter.push(chunk)) {
        // any other transaction is the late answer to a request that was given up
        if (adu.transaction !== null && adu.transaction !== this.#exchange?.transaction) continue;
        if (!this.#exchange) throw new ReadError('protocol', 'an answer that nobody asked for');
        this.#exchange.resolve(decodeAnswer(adu, this.#exchange.request));
      }
    } catch (error) {
      this.#exchange?.reject(error);
      if (!(error instanceof ModbusException)) this.close();
    }
  }
}
