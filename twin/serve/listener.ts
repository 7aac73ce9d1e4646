import type { Server, Socket } from 'node:net';
import type { Endpoint } from '../estate.ts';

/** A server on one host:port that can be closed and opened again. */
export interface Listener {
  /** Meters or pools behind it. */
  readonly targets: ReadonlySet<string>;
  /** @throws Error that names the port and where it was declared */
  open(): Promise<void>;
  /** Refuses new connections and ends the open ones. */
  close(): Promise<void>;
}

/** `origin`: the file or flag that asks for this port, named when it is taken. */
export function listenerOf(
  server: Server,
  { host, port }: Endpoint,
  targets: ReadonlySet<string>,
  origin: string,
): Listener {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // A client that goes away in the middle of an answer is its own affair, not the device's.
    socket.on('error', () => socket.destroy());
  });
  const listen = () =>
    new Promise<void>((resolve, reject) => {
      if (server.listening) return resolve();
      const failed = (error: NodeJS.ErrnoException) => {
        const reason = error.code === 'EADDRINUSE' ? 'the port is taken' : error.message;
        const advice = `it comes from ${origin}: free the port or change it there`;
        reject(new Error(`cannot listen on ${host} port ${port}: ${reason}; ${advice}`, { cause: error }));
      };
      server.once('error', failed);
      server.listen(port, host, () => {
        server.off('error', failed);
        resolve();
      });
    });
  const stop = () =>
    new Promise<void>((resolve) => {
      for (const socket of sockets) socket.destroy();
      if (!server.listening) return resolve();
      server.close(() => resolve());
    });
  /** One step after the other: closing a server that is about to listen would leave it listening. */
  let last = Promise.resolve();
  const after = (step: () => Promise<void>) => (last = last.then(step, step));
  return { targets, open: () => after(listen), close: () => after(stop) };
}
