import { createServer, type ServerResponse } from 'node:http';
import type { Server } from 'node:net';
import { numberOf, type Fault, type FaultBoard } from '../faults/board.ts';
import type { Pool } from '../physics/pool.ts';
import { cardsOf } from './cards.ts';
import { dcgmText } from './dcgm.ts';
import { npuText } from './npu.ts';

const contentType = 'text/plain; version=0.0.4; charset=utf-8';
const dripMs = 200;

/** The text of a pool's exporter at an instant (Unix ms), with the faults that change what it says. */
export function expositionOf(pool: Pool, board: FaultBoard, at: number): string {
  const cards = cardsOf(pool, at, (target) => board.active(target));
  if (pool.accelerator.shape === 'dcgm') return dcgmText(cards, at);
  const stale = board.active(pool.id).find(({ kind }) => kind === 'stale_timestamps');
  const age_ms = stale ? 1000 * numberOf(stale, 'age_s', 0) : 0;
  return npuText(cards, Math.round(at - age_ms), pool.accelerator.tensor);
}

/** One HTTP server for the exporters of all pools that share a host:port, told apart by path. It does not listen yet. */
export function exportersOf(pools: ReadonlyMap<string, Pool>, board: FaultBoard, now: () => number): Server {
  return createServer((request, response) => {
    const [path = '/'] = (request.url ?? '/').split('?');
    const pool = pools.get(path);
    if (request.method !== 'GET' || pool === undefined) {
      response.writeHead(404).end(`GET one of ${[...pools.keys()].join(' ')}\n`);
      return;
    }
    const faults = new Map(board.active(pool.id).map((fault) => [fault.kind, fault]));
    if (faults.has('silent')) return;
    const answer = () => {
      response.writeHead(200, { 'content-type': contentType });
      const text = expositionOf(pool, board, now());
      const endless = faults.get('endless');
      if (endless) neverEnd(response, text, endless);
      else response.end(faults.has('garbled') ? cut(text) : text);
    };
    const slow = faults.get('slow');
    if (slow) setTimeout(answer, numberOf(slow, 'ms', 0)).unref();
    else answer();
  });
}

/** Cuts within a sample's labels, some way into the text: what comes before it reads well, the rest is gone. */
const cut = (text: string) => text.slice(0, text.indexOf('{', 0.6 * text.length) + 12);

/** Goes on for as long as the reader stays: a comment line at a time, or the text again and again. */
function neverEnd(response: ServerResponse, text: string, { options }: Fault): void {
  response.write(text);
  if (options['mode'] === 'drip') {
    const drip = setInterval(() => response.write('# and so on\n'), dripMs);
    response.on('close', () => clearInterval(drip));
    return;
  }
  const flood = () => {
    while (!response.destroyed && response.write(text));
  };
  response.on('drain', flood);
  flood();
}
