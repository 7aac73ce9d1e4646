import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { SERIES_BUDGET } from '../../exporter/publish/exposition.ts';
import { v8Flags } from '../../exporter/v8-flags.ts';
import type { Check } from '../tally.ts';

const SERIES = 1_000_000;
const LINES = 10_000;

/** An exporter out of hand: so many lines, `wide` characters of labels each, in pieces of 10,000. */
function* rogueText(series: number, wide: number): Generator<string> {
  for (let from = 0; from < series; from += LINES) {
    let lines = '';
    for (let at = from; at < from + LINES; at++)
      lines += `DCGM_FI_DEV_GPU_UTIL{gpu="${at}",pod="${'x'.repeat(wide)}"} ${at % 100}\n`;
    yield lines;
  }
}

interface Outcome {
  readonly samples: number | null;
  readonly failure: string | null;
  readonly message: string;
  readonly ms: number;
  readonly peakMib: number;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What becomes of a reader in a process of its own, with the limits that the exporter ships with. */
async function readRogue(series: number, wide: number, only = ''): Promise<Outcome> {
  const server = createServer((_, response) => {
    const lines = rogueText(series, wide);
    const more = (): void => {
      for (let next = lines.next(); next.done !== true; next = lines.next())
        if (!response.write(next.value)) return void response.once('drain', more);
      response.end();
    };
    response.on('error', () => {});
    more();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const args = [...v8Flags(SERIES_BUDGET), 'test/fuzz/rogue-child.ts', `http://127.0.0.1:${port}/metrics`, only];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000 });
  try {
    const [told, said, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    assert.equal(code, 0, `it died: ${said.slice(-300)}`);
    return JSON.parse(told) as Outcome;
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const figures = ({ ms, peakMib }: Outcome): string => `in ${Math.round(ms)} ms, peak ${Math.round(peakMib)} MiB RSS`;

const refuses = (series: number, wide: number, words: RegExp) => async (): Promise<void> => {
  const outcome = await readRogue(series, wide);
  assert.equal(outcome.failure, 'too_large', outcome.message);
  assert.match(outcome.message, words);
  console.log(`  refused ${figures(outcome)}: ${outcome.message}`);
};

const FEW = 100_000;
export const rogueChecks: readonly Check[] = [
  ...[0, 20, 40].map((wide): Check => [
    `an exporter with ${SERIES} series of ${wide} more characters is cut off, and nothing dies of it`,
    refuses(SERIES, wide, /samples that are wanted, the last one|exceeded max size/),
  ]),
  [
    `an exporter with ${SERIES / 4} long series is cut off by what they take`,
    refuses(SERIES / 4, 180, /MiB of memory/),
  ],
  [
    `an exporter with ${SERIES} series that nobody wants is read, and costs no objects`,
    async () => {
      const outcome = await readRogue(SERIES, 0, 'other');
      assert.deepEqual([outcome.samples, outcome.failure], [0, null], outcome.message);
      console.log(`  read ${figures(outcome)}`);
    },
  ],
  [
    `${FEW} series are taken`,
    async () => {
      const outcome = await readRogue(FEW, 20);
      assert.equal(outcome.samples, FEW, outcome.message);
      console.log(`  read ${figures(outcome)}`);
    },
  ],
];
