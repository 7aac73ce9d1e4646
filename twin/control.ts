import { createServer, type IncomingMessage } from 'node:http';
import type { Server } from 'node:net';
import { Readable } from 'node:stream';
import { FaultRefused } from './faults/board.ts';
import { kinds } from './faults/kinds.ts';
import type { Twin } from './twin.ts';

interface Reply {
  readonly status: number;
  readonly body: unknown;
}
const ok = (body: unknown): Reply => ({ status: 200, body });
/** A body that is sent as it comes. */
class Csv {
  readonly pieces: Iterable<string>;
  constructor(pieces: Iterable<string>) {
    this.pieces = pieces;
  }
}
const mostBytes = 65_536;

/** Routes by method and path; what follows the last slash of DELETE is the fault's id or target. */
async function reply(twin: Twin, request: IncomingMessage): Promise<Reply> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://twin');
  const route = `${request.method} ${pathname}`;
  if (route === 'GET /') return ok(twin.served);
  const time = (name: string): number | undefined => {
    const text = searchParams.get(name);
    if (text !== null && !/^\d+(\.\d+)?$/.test(text))
      throw new FaultRefused(`${name} is a time in Unix ms, not ${text}`);
    return text === null ? undefined : Number(text);
  };
  if (route === 'GET /truth') return ok(twin.truth(time('at')));
  if (route === 'GET /history') {
    const [from, to] = [time('from'), time('to')];
    if (from === undefined || to === undefined)
      throw new FaultRefused('GET /history wants from and to, times in Unix ms');
    return ok(new Csv(twin.history(from, to)));
  }
  if (route === 'GET /fault') return ok(twin.faults());
  if (route === 'POST /fault') {
    const spec = await bodyOf(request);
    return ok(endsAll(spec) ? await twin.release(spec.target) : await twin.fault(spec));
  }
  if (request.method === 'DELETE' && pathname.startsWith('/fault/')) {
    const ended = await twin.release(decodeURIComponent(pathname.slice('/fault/'.length)));
    return ended.length > 0 ? ok(ended) : { status: 404, body: { error: `no fault lasts under ${pathname}` } };
  }
  return { status: 404, body: { error: `there is no ${route}; GET / says what there is` } };
}

/** Kind `none` ends all faults of a target. */
const endsAll = (spec: unknown): spec is { target: string } =>
  typeof spec === 'object' &&
  spec !== null &&
  'kind' in spec &&
  spec.kind === 'none' &&
  'target' in spec &&
  typeof spec.target === 'string';

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > mostBytes) throw new FaultRefused(`the body is longer than ${mostBytes} bytes`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new FaultRefused('the body is not JSON', { cause: error });
  }
}

/** The control API's server: truth to read, faults to play. It does not listen yet. */
export function controlOf(twin: Twin): Server {
  return createServer((request, response) => {
    const send = ({ status, body }: Reply) => {
      if (body instanceof Csv) {
        response.writeHead(status, { 'content-type': 'text/csv; charset=utf-8' });
        Readable.from(body.pieces).pipe(response);
        return;
      }
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(`${JSON.stringify(body)}\n`);
    };
    reply(twin, request).then(send, (error: unknown) => send(refusal(error)));
  });
}

function refusal(error: unknown): Reply {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof FaultRefused || error instanceof RangeError)
    return { status: 400, body: { error: message, kinds } };
  return { status: 500, body: { error: message } };
}
