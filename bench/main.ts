// npm run bench [-- name …]: the benchmarks of the list, or those named; prints a table and writes var/bench.json.
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { annualBench } from './annual.ts';
import type { Entry, Result } from './entry.ts';
import { ledgerBench } from './ledger.ts';
import { memoryBench } from './memory.ts';
import { renderBench } from './render.ts';
import { scrapeBench } from './scrape.ts';
import { startBench } from './start.ts';
import { turnBench } from './turn.ts';

const entries: readonly Entry[] = [
  { name: 'render', run: renderBench },
  { name: 'scrape', run: scrapeBench },
  { name: 'memory', run: memoryBench },
  { name: 'start', run: startBench },
  { name: 'ledger', run: ledgerBench },
  { name: 'annual', run: annualBench },
  { name: 'turn', run: turnBench },
];

const text = (value: number): string => value.toPrecision(3).replace(/e\+?(.*)/, (_, power) => `e${power}`);

/** How many times better than the peer: less time or memory, more work done. */
function ratioOf({ value, peer, unit }: Result): number | null {
  if (!peer) return null;
  return unit.endsWith('/s') ? value / peer.value : peer.value / value;
}

function verdictOf({ value, budget }: Result): 'holds' | 'broken' | null {
  if (!budget) return null;
  return (budget.at === 'most' ? value <= budget.limit : value >= budget.limit) ? 'holds' : 'broken';
}

function cellsOf(result: Result): string[] {
  const { name, unit, value, peer, budget } = result;
  const ratio = ratioOf(result);
  return [
    name,
    `${text(value)} ${unit}`,
    peer ? `${text(peer.value)} ${unit} (${peer.name})` : '',
    ratio === null ? '' : `${text(ratio)} x`,
    budget ? `${budget.at === 'most' ? '<=' : '>='} ${budget.limit} ${unit}` : '',
    verdictOf(result) ?? '',
  ];
}

function print(rows: readonly (readonly string[])[]): void {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((cells) => cells[i]?.length ?? 0)));
  for (const cells of rows)
    console.log(
      cells
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    );
}

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !entries.some((entry) => entry.name === name));
if (unknown.length > 0) {
  console.error(`no benchmark ${unknown.join(', ')}; there are: ${entries.map(({ name }) => name).join(', ')}`);
  process.exit(1);
}
const results: Result[] = [];
for (const { name, run } of entries.filter((entry) => asked.length === 0 || asked.includes(entry.name))) {
  console.error(`${name} …`);
  results.push(...(await run()));
}
print([['what', 'here', 'beside', 'better by', 'budget', 'verdict'], ...results.map(cellsOf)]);
mkdirSync('var', { recursive: true });
const machine = { node: process.version, cpu: cpus()[0]?.model ?? '', cores: cpus().length };
const rows = results.map((result) => Object.assign({ ratio: ratioOf(result), verdict: verdictOf(result) }, result));
writeFileSync(
  'var/bench.json',
  `${JSON.stringify({ at: new Date().toISOString(), machine, results: rows }, null, 2)}\n`,
);
process.exitCode = rows.some(({ verdict }) => verdict === 'broken') ? 1 : 0;
