import { copyFileSync, constants, mkdirSync, rmSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { Accountant } from '../exporter/account/ledger/accountant.ts';
import { carbonTerms } from '../exporter/account/carbon/carbon-terms.ts';
import { Closure } from '../exporter/account/closure/closure.ts';
import { openDesks } from '../exporter/account/desks.ts';
import { HourBook } from '../exporter/account/ledger/hour-book.ts';
import { Ledger } from '../exporter/account/ledger/ledger.ts';
import { pueScopes } from '../exporter/account/pue/pue-sites.ts';
import { inSlices, type Steps } from '../exporter/account/ledger/slices.ts';
import { HOUR } from '../exporter/account/pue/window.ts';
import { judgeMeter } from '../exporter/judge/meter/meter.ts';
import { packState, unread } from '../exporter/judge/meter/meter-state.ts';
import { rational } from '../model/rational.ts';
import { annualLedger, END, HOURS, METERS, SITES, wattsOf } from './annual-ledger.ts';
import { quantile, type Result } from './entry.ts';
import { provinceOf } from './province.ts';

const EVERY = 15_000;
const TURNS = 8;
const { signal } = new AbortController();

interface Watched {
  readonly took: number;
  readonly block: number;
}

/** Runs some work; ms that it took, and the longest time that it held the event loop. */
async function watched(work: () => Promise<unknown>): Promise<Watched> {
  let [block, done] = [0, false];
  const begun = performance.now();
  let last = begun;
  const look = (): void => {
    const now = performance.now();
    block = Math.max(block, now - last);
    last = now;
    if (!done) setImmediate(look);
  };
  setImmediate(look);
  await work();
  done = true;
  look();
  return { took: last - begun, block };
}

const watts = (i: number): number => wattsOf(i % METERS);
/** Wh that a meter's register stands at. */
const level = (i: number, at: number): bigint => (BigInt(watts(i)) * BigInt(at - END + HOURS * HOUR)) / 3_600_000n;

/** An exporter's commits and counts without its devices, over a copy of a ledger. */
function exporterOf(path: string, sites: number) {
  const plan = provinceOf(sites);
  const { meters } = plan.estate;
  const ids = plan.estate.sites.map(({ id }) => id);
  const judge = (i: number, at: number, state = unread) => {
    const meter = meters[i];
    if (meter === undefined) throw new RangeError(`no meter ${i}`);
    const answer = { energy: { value: rational(level(i, at)), wire: '' } };
    return { meter, judged: judgeMeter(meter, state, answer, { at, mono: at }) };
  };
  const ledger = new Ledger(path);
  const put = ledger.database.prepare('INSERT OR REPLACE INTO meter VALUES (?, ?, ?, ?, 0, ?, 0, ?, 0, 0)');
  ledger.database.exec('BEGIN');
  for (const [i, { id }] of meters.entries()) {
    const joules = HOURS * 3600 * watts(i);
    const first = judge(i, END - EVERY);
    const { state } = judge(i, END, first.judged.state).judged;
    put.run(id, packState(state), END, joules, HOURS * HOUR, joules);
  }
  ledger.database.exec('COMMIT');
  const book = new HourBook(ledger.database);
  const scopes = pueScopes(plan, ids, END);
  const sides = new Map(scopes.map((scope) => [scope.id, scope.sides]));
  const terms = ids.map((site) => carbonTerms(plan, site));
  const accountant = new Accountant(ledger, 'bench', sides, END, book.past, [], terms);
  const note: Accountant['note'] = (...told) => accountant.note(...told);
  const closure = new Closure({ plan, sites: ids, book, note });
  const desks = [...openDesks({ plan, sites: ids, scopes, book, accountant }), closure];
  return {
    accountant,
    close: () => ledger.close(),
    read(at: number): void {
      for (const [i, { id }] of meters.entries()) {
        const { meter, judged } = judge(i, at, accountant.stateOf(id));
        accountant.book(meter, judged, at);
      }
    },
    /** As the exporter counts. */
    async count(now: number, since: number, of: (ms: number) => void = () => {}): Promise<void> {
      function* steps(): Steps<true> {
        for (const desk of desks) {
          let begun = performance.now();
          for (const _ of desk.count(now, since)) {
            of(performance.now() - begun);
            yield;
            begun = performance.now();
          }
        }
        return true;
      }
      await inSlices(steps(), { signal });
    },
  };
}

const median = (list: readonly Watched[], key: keyof Watched): number =>
  quantile(
    list.map((one) => one[key]),
    0.5,
  );

async function turnsOf(sites: number, path: string): Promise<Result[]> {
  const exporter = exporterOf(path, sites);
  const { accountant } = exporter;
  try {
    const steps: number[] = [];
    const first = await watched(() => exporter.count(END + 10_000, -Infinity, (ms) => steps.push(ms)));
    const [commits, counts]: Watched[][] = [[], []];
    for (let hour = 1; hour <= TURNS; hour++) {
      // Readings of one moment in the hour before, and the first of the hour after it.
      for (const at of [END + hour * HOUR - EVERY, END + hour * HOUR + 1000]) {
        exporter.read(at);
        let since = Infinity;
        const commit = await watched(async () => {
          since = (await inSlices(accountant.commitSteps(), { signal })) ?? Infinity;
        });
        const count = await watched(() => exporter.count(at + 100, since));
        if (at % HOUR > HOUR / 2) continue;
        commits?.push(commit);
        counts?.push(count);
      }
    }
    const [write, look] = [`commit of an hour of ${sites * METERS} meters`, `count of ${sites} sites after it`];
    const budget = { at: 'most', limit: 25 } as const;
    return [
      { name: `first count of ${sites} sites after a start`, unit: 'ms', value: first.took },
      { name: 'its longest step', unit: 'ms', value: Math.max(...steps), budget },
      { name: `${write}, p50`, unit: 'ms', value: median(commits ?? [], 'took') },
      { name: `${write}, block of the event loop, p50`, unit: 'ms', value: median(commits ?? [], 'block'), budget },
      { name: `${look}, p50`, unit: 'ms', value: median(counts ?? [], 'took') },
      { name: `${look}, block of the event loop, p50`, unit: 'ms', value: median(counts ?? [], 'block'), budget },
    ];
  } finally {
    exporter.close();
  }
}

/** The turn of an hour: rows of all meters are written, and everything is counted anew. */
export async function turnBench(): Promise<Result[]> {
  const folder = 'var/bench/turn';
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  try {
    copyFileSync(annualLedger(), `${folder}/annual.db`, constants.COPYFILE_FICLONE);
    return [
      ...(await turnsOf(SITES, `${folder}/annual.db`)),
      // Without a past: 14 months of 10,000 meters would be 4 GB.
      ...(await turnsOf(5 * SITES, `${folder}/young.db`)),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
