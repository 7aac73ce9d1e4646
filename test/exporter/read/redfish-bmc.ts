import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a test changes while it runs. */
export interface Bmc extends AsyncDisposable {
  readonly url: string;
  /** Resources by path, each an object or a text as it stands. */
  readonly resources: Map<string, unknown>;
  /** 'GET /redfish/v1/…' of each request, in their order. */
  readonly asked: string[];
  /** Headers of the last request. */
  headers: IncomingMessage['headers'];
  /** Tokens of the sessions that are open, and the path of each. */
  readonly sessions: Map<string, string>;
  /** At most so many requests were answered at once. */
  mostAtOnce: number;
  /** Takes the place of the answer where it returns true. */
  instead: (request: IncomingMessage, response: ServerResponse) => boolean;
  user: { UserName: string; Password: string } | null;
  delayMs: number;
}

const SESSIONS = '/redfish/v1/SessionService/Sessions';

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

/** A Redfish service on loopback. With `user` set it wants that user's Basic authentication or session. */
export async function startBmc(resources: Readonly<Record<string, unknown>>): Promise<Bmc> {
  let atOnce = 0;
  let made = 0;
  const isKnown = ({ headers }: IncomingMessage): boolean => {
    if (bmc.user === null) return true;
    const { UserName, Password } = bmc.user;
    const basic = `Basic ${Buffer.from(`${UserName}:${Password}`).toString('base64')}`;
    return headers.authorization === basic || bmc.sessions.has(String(headers['x-auth-token']));
  };
  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = request;
    bmc.asked.push(`${method} ${url}`);
    bmc.headers = headers;
    bmc.mostAtOnce = Math.max(bmc.mostAtOnce, ++atOnce);
    response.on('close', () => atOnce--);
    await sleep(bmc.delayMs);
    if (bmc.instead(request, response)) return;
    if (method === 'POST' && url === SESSIONS) {
      const { UserName, Password } = JSON.parse(await bodyOf(request)) as NonNullable<Bmc['user']>;
      if (UserName !== bmc.user?.UserName || Password !== bmc.user.Password) return void response.writeHead(401).end();
      const [token, path] = [`token-${++made}`, `${SESSIONS}/${made}`];
      bmc.sessions.set(token, path);
      return void response.writeHead(201, { 'x-auth-token': token, location: path }).end('{}');
    }
    if (!isKnown(request)) return void response.writeHead(401).end();
    if (method === 'DELETE') {
      const token = String(headers['x-auth-token']);
      const isOwn = bmc.sessions.get(token) === url && bmc.sessions.delete(token);
      return void response.writeHead(isOwn ? 204 : 404).end();
    }
    const resource = bmc.resources.get(url);
    if (method !== 'GET' || resource === undefined) return void response.writeHead(404).end();
    response.setHeader('content-type', 'application/json');
    return void response.end(typeof resource === 'string' ? resource : JSON.stringify(resource));
  }
  const server = createServer((request, response) => void serve(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bmc: Bmc = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    resources: new Map(Object.entries(resources)),
    asked: [],
    headers: {},
    sessions: new Map(),
    mostAtOnce: 0,
    instead: () => false,
    user: null,
    delayMs: 0,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return bmc;
}
