import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Exporter } from '../../exporter/exporter.ts';
import type { Snapshot } from '../../exporter/publish/snapshot.ts';
import { loadPlan } from '../../model/load.ts';
import type { Metric, Sample } from '../../model/metrics/metric.ts';
import { HOUR, Plant } from './plant.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const numberOf = ({ value }: Sample): number =>
  typeof value === 'number' ? value : Number(value.units) / 10 ** value.digits;

/** What a command said, and its exit code. */
export interface Said {
  readonly code: number;
  readonly text: string;
}

/** The exporter over a plant on a clock that the test moves hour by hour, and the CLI beside it on the real one. */
export class Life {
  readonly plant = new Plant();
  readonly folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'greenflops-year-'));
  readonly store = join(this.folder, 'ledger.db');
  readonly #exporter: Exporter;
  readonly #begun: number;
  readonly #counters = new Map<string, number>();
  #snapshot: Snapshot | null = null;
  now: number;
  /** Hours that were played, and totals that were seen to step back: none should. */
  hours = 0;
  readonly steppedBack: string[] = [];

  constructor(begin: number) {
    this.now = begin;
    this.#begun = begin;
    const plan = loadPlan(this.plant.plan);
    this.#exporter = new Exporter({
      plan,
      sites: plan.estate.sites.map(({ id }) => id),
      ledger: this.store,
      version: 'year',
      clock: { wall: () => this.now, mono: () => this.now - this.#begun },
      patienceMs: 10_000,
      publish: (snapshot) => void (this.#snapshot = snapshot),
      commitFailed: (error) => {
        // A command holds the ledger for a moment; anything else is a fault.
        if (!String(error).includes('locked')) throw error;
      },
    });
  }

  /** Reads everything at the clock's instant. */
  async read(): Promise<void> {
    await this.#exporter.beat();
    for (const { metric, labels, value } of this.#snapshot?.metrics.flatMap((one) =>
      one.type === 'counter' && one.name.includes('energy') ? (this.#snapshot?.series(one) ?? []) : [],
    ) ?? []) {
      const key = `${metric.name} ${JSON.stringify(labels)}`;
      const total = numberOf({ metric, labels, value });
      const before = this.#counters.get(key) ?? 0;
      if (total < before) this.steppedBack.push(`${key}: ${before} -> ${total} at ${new Date(this.now).toISOString()}`);
      this.#counters.set(key, total);
    }
  }

  async playTo(instant: number): Promise<void> {
    while (this.now < instant) {
      this.plant.pass(this.now);
      this.now += HOUR;
      this.hours += 1;
      await this.read();
    }
  }

  /** The value of the one series with these labels; undefined where there is none. */
  value(metric: Metric, labels: Readonly<Record<string, string>>): number | undefined {
    const found = this.#snapshot
      ?.series(metric)
      .find((one) => Object.entries(labels).every(([key, text]) => one.labels[key] === text));
    return found && numberOf(found);
  }

  /** Runs a command beside the exporter, which goes on meanwhile. */
  async cli(...args: readonly string[]): Promise<Said> {
    const child = spawn(process.execPath, ['exporter/cli/main.ts', ...args], {
      cwd: root,
      env: {
        ...process.env,
        GREENFLOPS_PLAN: this.plant.plan,
        GREENFLOPS_STORE: `sqlite:${this.store}`,
        GREENFLOPS_LANG: 'en',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (part) => (text += part));
    const closed = once(child, 'close');
    const going = new AbortController();
    void closed.then(() => going.abort());
    while (!going.signal.aborted) {
      await this.#exporter.publish();
      await sleep(20);
    }
    const [code] = (await closed) as [number | null];
    return { code: code ?? -1, text };
  }

  async close(): Promise<void> {
    await this.#exporter.stop();
    this.plant.remove();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
