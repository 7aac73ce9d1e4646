// node test/peers/rogue-server.ts: an exporter that behaves until POST /rogue and after POST /sound, in a process of its own.
import { createServer, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';

/** What each path does to whoever asks for it. Every one would answer well if it were sound. */
export const ways = ['million', 'many', 'endless', 'drip', 'headers', 'labels'] as const;
type Way = (typeof ways)[number];

const CHUNK = 1 << 16;
const answer = (body: string | Buffer): Buffer =>
  Buffer.concat([
    Buffer.from(`HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`),
    Buffer.from(body),
  ]);
/** 10 W beside 3.6 kW of rated power: a register that counts on. */
const wanted = (): string => `energy_wh ${1000 + Math.floor(Date.now() / 360_000)}\n`;

/** Writes again and again until the other side has gone. */
function flood(socket: Socket, piece: Buffer): void {
  if (socket.destroyed) return;
  if (socket.write(piece)) setImmediate(flood, socket, piece);
  else socket.once('drain', () => flood(socket, piece));
}

/** Series of 80 bytes. */
const series = (count: number): string =>
  Array.from(
    { length: count },
    (_, i) => `rogue_series{series="${i}",why="because there are so many"} ${i}.000001\n`,
  ).join('');
/** A thousand series whose label has 10 kB. */
const labels = (): Buffer =>
  Buffer.from(
    `${wanted()}${Array.from({ length: 1000 }, (_, i) => `rogue{long="${i}${'x'.repeat(10_000)}"} 1\n`).join('')}`,
  );
const kept = new Map<Way, Buffer>();
function whole(way: Way, make: () => Buffer): Buffer {
  const known = kept.get(way) ?? answer(make());
  kept.set(way, known);
  return known;
}

const plays: Readonly<Record<Way, (socket: Socket) => void>> = {
  million: (socket) => void socket.write(whole('million', () => Buffer.from(series(1_000_000)))),
  many: (socket) => void socket.write(whole('many', () => Buffer.from(wanted() + series(200_000)))),
  endless: (socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n');
    flood(socket, Buffer.alloc(CHUNK, 'rogue 1\n'));
  },
  drip: (socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n');
    const timer = setInterval(() => socket.write('e'), 1000);
    socket.once('close', () => clearInterval(timer));
  },
  headers: (socket) => {
    socket.write('HTTP/1.1 200 OK\r\n');
    flood(socket, Buffer.from(`X-Rogue: ${'y'.repeat(1000)}\r\n`.repeat(64)));
  },
  labels: (socket) => void socket.write(whole('labels', labels)),
};

function serve(): void {
  let isRogue = false;
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      const [, method, path] = /^(GET|POST) \/(\w+)/.exec(chunk.toString('latin1')) ?? [];
      if (method === 'POST') {
        isRogue = path === 'rogue';
        socket.end(answer('ok'));
        return;
      }
      const way = ways.find((one) => one === path);
      if (isRogue && way) plays[way](socket);
      else socket.write(answer(wanted()));
    });
  });
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    console.log(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) serve();
