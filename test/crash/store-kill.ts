import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Check } from '../tally.ts';
import { Losses, losses } from './losses.ts';
import { random } from './random.ts';
import { shimEnv } from './shim.ts';
import { StoreAudit } from './store-audit.ts';
import { EPOCH } from './store-meters.ts';
import { storePlant } from './store-plant.ts';

const KILLS = Number(process.env['GREENFLOPS_KILLS'] ?? 50);
const SEED = 5;
/** Of five kills two go to each of two ledgers, and one to a third that loses with each kill what was not synced. */
const LANES = [
  { share: 0.4, powerCut: false },
  { share: 0.4, powerCut: false },
  { share: 0.2, powerCut: true },
];
/** So many kills come while the program still starts; the others after its first commit. */
const EARLY = 0.2;
const MOST_LIFE_MS = 100;
/** Simulated time that passes while nobody reads: less than in which the register of `a-hall` could pass its modulus. */
const MOST_GAP_MS = 6 * 3_600_000;
const EVERY_PAGE = 10;

const child = fileURLToPath(new URL('store-child.ts', import.meta.url));

/** Where the kills fell, so that one can see that they did not all miss. */
interface Hits {
  starting: number;
  committing: number;
  between: number;
}

async function killed(writer: ChildProcess): Promise<void> {
  const [code, signal] = (await once(writer, 'exit')) as [number | null, string | null];
  assert.equal(signal, 'SIGKILL', `the writer ended by itself with ${code}`);
}

/** One ledger and the lives of its writer. */
class Lane {
  readonly losses = new Losses();
  readonly #audit = new StoreAudit(this.losses);
  readonly #base = mkdtempSync(join(tmpdir(), 'greenflops-store-kill-'));
  readonly #dir = join(this.#base, 'store');
  readonly #disk = join(this.#base, 'disk');
  readonly #next: () => number;
  readonly #plant: string;
  readonly #powerCut: boolean;
  readonly #hits: Hits;
  #startMs = 300;

  constructor(plant: string, seed: number, powerCut: boolean, hits: Hits) {
    this.#plant = plant;
    this.#next = random(seed);
    this.#powerCut = powerCut;
    this.#hits = hits;
  }

  get #path(): string {
    return join(this.#dir, 'ledger.db');
  }

  async run(lives: number): Promise<void> {
    const env = this.#powerCut ? await shimEnv(this.#dir, this.#disk) : process.env;
    try {
      for (let kill = 0; kill < lives; kill++) {
        const from = await this.#life(env, kill === 0);
        if (this.#powerCut) {
          rmSync(this.#dir, { recursive: true });
          cpSync(this.#disk, this.#dir, { recursive: true });
        }
        this.losses.kills += 1;
        this.#audit.store(this.#path, from, kill % EVERY_PAGE === 0 || kill === lives - 1);
      }
    } finally {
      rmSync(this.#base, { recursive: true, force: true });
    }
  }

  /** One life from start to kill. The first one lasts until every meter has begun. */
  async #life(env: NodeJS.ProcessEnv, first: boolean): Promise<number> {
    const gap = this.#next() < 0.6 ? 0 : Math.floor(this.#next() ** 2 * MOST_GAP_MS);
    const from = Math.max(
      this.#audit.reached,
      Math.min(this.#audit.reached + gap, this.#audit.oldestRead + MOST_GAP_MS),
    );
    const began = performance.now();
    const args = [child, this.#path, this.#plant, String(first ? EPOCH : from)];
    const writer = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
    const closed = once(writer, 'close');
    const commits = Promise.withResolvers<void>();
    let last = '';
    createInterface({ input: writer.stdout }).on('line', (line) => {
      // A line that the kill cut off says nothing.
      if (!/^(>\d+;|=.*\])$/.test(line)) return;
      last = line;
      if (this.#audit.line(line, first ? EPOCH : from) && (!first || this.#audit.begunAll)) commits.resolve();
    });
    const exit = killed(writer);
    if (!first && this.#next() < EARLY) await Promise.race([sleep(this.#next() * this.#startMs), exit]);
    else {
      await Promise.race([commits.promise, exit]);
      this.#startMs = performance.now() - began;
      await Promise.race([sleep(this.#next() * MOST_LIFE_MS), exit]);
    }
    writer.kill('SIGKILL');
    await exit;
    await closed;
    this.#hits[last === '' ? 'starting' : last.startsWith('>') ? 'committing' : 'between'] += 1;
    return first ? EPOCH : from;
  }
}

/** Kills a process that holds only account and store, again and again, and compares what it said, what it left, and the truth. */
async function kills(): Promise<void> {
  const plant = storePlant();
  const hits: Hits = { starting: 0, committing: 0, between: 0 };
  const lanes = LANES.map(({ powerCut }, i) => new Lane(plant.file, SEED + i, powerCut, hits));
  const began = performance.now();
  const all = new Losses();
  try {
    const ends = await Promise.allSettled(lanes.map((lane, i) => lane.run(Math.round((LANES[i]?.share ?? 0) * KILLS))));
    for (const lane of lanes) all.add(lane.losses);
    losses.add(all);
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  } finally {
    plant.remove();
  }
  const seconds = (performance.now() - began) / 1000;
  const where = `${hits.starting} while it started, ${hits.committing} in a commit, ${hits.between} between commits`;
  console.log(
    `  ${all.kills} kills in ${seconds.toFixed(1)} s, ${(all.kills / seconds).toFixed(1)} a second: ${where}`,
  );
  assert.deepEqual(
    { lost: all.lost, doubled: all.doubled, stepsBack: all.stepsBack },
    { lost: 0n, doubled: 0n, stepsBack: 0 },
  );
  assert.ok(hits.committing > 0, 'no kill fell into a commit');
}

export const storeChecks: readonly Check[] = [
  [`${KILLS} kills of account and store (seed ${SEED}), one in five a power cut: nothing lost, nothing doubled`, kills],
];
