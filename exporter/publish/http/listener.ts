import { once } from 'node:events';
import { createServer, type RequestListener, type Server as HttpServer, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TlsFiles } from '../web-config.ts';
import type { Limits } from './limits.ts';
import { isLoopback, listen } from './listen.ts';
import { hasAllowedName, tlsOptions } from './tls.ts';

/** One address that is listened on. */
export interface Listener {
  readonly url: string;
  /** Only this machine can reach it. */
  readonly loopback: boolean;
  /** Takes changed certificates into use for new connections. */
  renew(tls: TlsFiles): void;
  /** Stops listening; open answers have two seconds to end. */
  close(): Promise<void>;
}

const GRACE_MS = 2000;

/** Answers that are being written. Node's own close() cuts them off: it takes an answer for done once its text is handed over. */
function watchAnswers(server: HttpServer): ReadonlySet<ServerResponse> {
  const open = new Set<ServerResponse>();
  server.on('request', (_, response: ServerResponse) => {
    open.add(response);
    response.once('close', () => open.delete(response));
  });
  return open;
}

async function close(server: HttpServer, open: ReadonlySet<ServerResponse>): Promise<void> {
  const answered = Promise.all([...open].map((response) => once(response, 'close')));
  await Promise.race([answered, sleep(GRACE_MS, undefined, { ref: false })]);
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

function tlsServer(app: RequestListener, tls: TlsFiles, limits: Limits) {
  const server = createTlsServer({ ...limits, ...tlsOptions(tls), handshakeTimeout: limits.headersTimeout }, app);
  let allowed = tls.client_allowed_sans;
  // Before HTTP sees the connection: a certificate with another name is a failed handshake.
  server.prependListener('secureConnection', (socket) => {
    if (!hasAllowedName(socket, allowed)) socket.destroy();
  });
  const renew = (next: TlsFiles): void => {
    server.setSecureContext(tlsOptions(next));
    allowed = next.client_allowed_sans;
  };
  return { server, renew };
}

/** Listens with TLS or without. Rejects with a ListenError. */
export async function openListener(
  app: RequestListener,
  at: string,
  tls: TlsFiles | null,
  limits: Limits,
): Promise<Listener> {
  const { server, renew } = tls ? tlsServer(app, tls, limits) : { server: createServer(limits, app), renew: () => {} };
  server.maxConnections = limits.maxConnections;
  const open = watchAnswers(server);
  const { address, family, port } = await listen(server, at);
  const host = family === 'IPv6' ? `[${address}]` : address;
  return {
    url: `${tls ? 'https' : 'http'}://${host}:${port}`,
    loopback: isLoopback(address),
    renew,
    close: () => close(server, open),
  };
}
