import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { AduSplitter, decodeAnswer, encodeRequest, ModbusException, type RegisterRequest } from './modbus-frame.ts';
import { ReadError } from '../reader.ts';

/** After so many unanswered requests without one byte the connection is taken for dead: a firewall may have forgotten it. */
const SILENT_REQUESTS = 2;

interface Exchange {
  readonly transaction: number;
  readonly request: RegisterRequest;
  resolve(registers: Buffer): void;
  reject(error: unknown): void;
}

/** One TCP connection with at most one request under way. */
export class ModbusConnection {
  readonly #socket: Socket;
  readonly #splitter = new AduSplitter();
  #exchange: Exchange | null = null;
  #silent = 0;
  #lost = false;
  #closed = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    // without a request under way both are the end of an idle connection, which is no failure
    socket.on('error', (error) => this.#end(error));
    socket.on('close', () => this.#end(new ReadError('protocol', 'the connection ended before the answer')));
  }

  /** @param host without the brackets of an IPv6 address */
  static async open(host: string, port: number, signal: AbortSignal): Promise<ModbusConnection> {
    const socket = connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000 });
    try {
      await once(socket, 'connect', { signal });
    } catch (error) {
      socket.destroy();
      throw error;
    }
    return new ModbusConnection(socket);
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
      if (++this.#silent >= SILENT_REQUESTS) this.close();
      reject(signal.reason);
    };
    signal.addEventListener('abort', abandon, { once: true });
    this.#exchange = { transaction, request, resolve, reject };
    try {
      this.#socket.write(encodeRequest(transaction, request));
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
        if (adu.transaction !== this.#exchange?.transaction) continue;
        this.#exchange.resolve(decodeAnswer(adu, this.#exchange.request));
      }
    } catch (error) {
      this.#exchange?.reject(error);
      if (!(error instanceof ModbusException)) this.close();
    }
  }
}
