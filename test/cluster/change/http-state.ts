import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

export interface HttpState {
  readonly url: string;
  readonly states: Map<string, string>;
  readonly locks: Map<string, string>;
  stop(): Promise<void>;
}

/** A server of states as Terraform's http backend wants it: GET, POST, DELETE, LOCK and UNLOCK; 423 with the holder where locked. */
export async function httpState(user: string, password: string): Promise<HttpState> {
  const states = new Map<string, string>();
  const locks = new Map<string, string>();
  const wanted = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const key = new URL(request.url ?? '/', 'http://x').pathname;
    const body = await text(request);
    const end = (status: number, said = ''): void => void response.writeHead(status).end(said);
    if (request.headers.authorization !== wanted) return end(401);
    switch (request.method) {
      case 'GET':
        return states.has(key) ? end(200, states.get(key)) : end(404);
      case 'POST':
        states.set(key, body);
        return end(200);
      case 'DELETE':
        states.delete(key);
        return end(200);
      case 'LOCK':
        if (locks.has(key)) return end(423, locks.get(key));
        locks.set(key, body);
        return end(200);
      case 'UNLOCK':
        locks.delete(key);
        return end(200);
      default:
        return end(405);
    }
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    url: `http://127.0.0.1:${port}/states`,
    states,
    locks,
    stop: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}
