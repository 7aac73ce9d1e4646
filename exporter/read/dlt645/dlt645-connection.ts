import type { Socket } from 'node:net';
import { decodeAnswer, encodeRead, FrameSplitter, MeterException, type ItemRequest } from './dlt645-frame.ts';
import { ReadError } from '../reader.ts';
import { openSocket } from '../transport/tcp-socket.ts';

/** Bytes that may come before the answer: some frames of others, an echo, noise of the line. */
const MOST_BYTES = 4096;

interface Exchange {
  readonly request: ItemRequest;
  bytes: number;
  resolve(item: Buffer): void;
  reject(error: unknown): void;
}

/** One TCP connection to a gateway before a serial line, with at most one request under way. */
export class Dlt645Connection {
  readonly #socket: Socket;
  readonly #splitter = new FrameSplitter();
  #exchange: Exchange | null = null;
  #lost = false;
  #closed = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    // without a request under way both are the end of an idle connection, which is no failure
    socket.on('error', (error) => this.#end(error));
    socket.on('close', () => this.#end(new ReadError('protocol', 'the connection ended before the answer')));
  }

  /** @param address host:port */
  static async open(address: string, signal: AbortSignal): Promise<Dlt645Connection> {
    return new Dlt645Connection(await openSocket(address, signal));
  }

  get usable(): boolean {
    return this.#socket.readyState === 'open';
  }

  /** true: the other side or the network ended it, not close(). */
  get lost(): boolean {
    return this.#lost;
  }

  /**
   * Sends one request and waits for its answer: the item's bytes as they came, 33H taken off. Without an answer the
   * connection ends: a late one would be taken for the next, and a late error names no item at all.
   */
  async exchange(request: ItemRequest, signal: AbortSignal): Promise<Buffer> {
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
    const abandon = () => {
      this.close();
      reject(signal.reason);
    };
    signal.addEventListener('abort', abandon, { once: true });
    this.#exchange = { request, bytes: 0, resolve, reject };
    try {
      this.#socket.write(encodeRead(request));
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
    const exchange = this.#exchange;
    try {
      for (const frame of this.#splitter.push(chunk)) {
        const item = exchange && decodeAnswer(frame, exchange.request);
        if (item) return exchange.resolve(item);
      }
      if (exchange && (exchange.bytes += chunk.length) > MOST_BYTES) {
        throw new ReadError('protocol', `${exchange.bytes} bytes and no answer of this meter among them`);
      }
    } catch (error) {
      exchange?.reject(error);
      if (!(error instanceof MeterException)) this.close();
    }
  }
}
