import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Opens a TCP connection. @param address host:port, an IPv6 host in brackets. Rejects as the socket or the signal does. */
export async function openSocket(address: string, signal: AbortSignal): Promise<Socket> {
  const colon = address.lastIndexOf(':');
  const host = address.slice(0, colon).replace(/^\[(.*)\]$/, '$1');
  const port = Number(address.slice(colon + 1));
  const socket = connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000 });
  try {
    await once(socket, 'connect', { signal });
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}
