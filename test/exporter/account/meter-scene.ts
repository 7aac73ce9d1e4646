import { writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { Instructions, type Instruction, type Outcome } from '../../../exporter/account/past/instruction.ts';
import { Exporter } from '../../../exporter/exporter.ts';
import type { Snapshot } from '../../../exporter/publish/snapshot.ts';
import { loadPlan } from '../../../model/load.ts';
import type { Metric } from '../../../model/metrics/metric.ts';
import { rational } from '../../../model/rational.ts';
import { planFolder } from '../../plan-folder.ts';

export const HOUR = 3_600_000;
export const MINUTE = 60_000;
export const START = Date.parse('2026-10-01T00:00:00+08:00');

/** A meter as a declaration has it; what its file shows is said by `levels`. */
export interface SceneMeter {
  readonly id: string;
  readonly role: 'facility' | 'it' | 'cooling' | 'other';
  /** Further keys, YAML */
  readonly more?: string;
  readonly modulus?: string;
  /** kW */
  readonly rated?: number;
  /** Of a calculated meter */
  readonly formula?: string;
}

const measured = ({ id, modulus = 'none' }: SceneMeter, dir: string): string => `
    source: { protocol: exposition, url: "file://${join(dir, `${id}.prom`)}", timeout: 1s }
    registers: { energy: { metric: energy_wh, scale_to_wh: 1, modulus: ${modulus} } }`;

const meterText = (meter: SceneMeter, dir: string): string => {
  const { id, role, more = '', rated = 200, formula } = meter;
  return `
  - id: ${id}
    site: s
    role: ${role}
    rated_kw: ${rated}
    every: 1m
    ${formula === undefined ? measured(meter, dir).trim() : `source: { protocol: calculated, formula: "${formula}" }`}
${more === '' ? '' : `    ${more}\n`}`;
};

/**
 * An exporter whose meters are text files that the test writes, on a clock that it moves. `levels` says what each
 * register shows at an instant; null: the device does not answer.
 */
export function meterScene(
  meters: readonly SceneMeter[],
  levels: (id: string, at: number) => number | null,
  { extra = '', start = START } = {},
) {
  const { dir, remove } = planFolder('');
  // Ten minutes on is the first reading.
  const time = { wall: start - 10 * MINUTE, mono: 5000 };
  const ledger = join(dir, 'ledger.db');
  let declared = meters;
  const declare = (list: readonly SceneMeter[]): void => {
    declared = list;
    writeFileSync(
      join(dir, 'estate.yaml'),
      `schema: greenflops/v1
sites: [{ id: s, name: { zh: 站, en: Site }, grid: jiangxi, profile: new-large-2025, it_rated_kw: 200 }]
${extra}meters:${list.map((one) => meterText(one, dir)).join('')}`,
    );
  };
  declare(meters);
  let snapshot: Snapshot | undefined;
  const open = (restate?: string): Exporter =>
    new Exporter({
      plan: loadPlan(dir),
      sites: ['s'],
      ledger,
      version: 'test',
      clock: { wall: () => time.wall, mono: () => time.mono },
      publish: (made) => void (snapshot = made),
      ...(restate !== undefined && { restate }),
    });
  let exporter = open();
  const show = (): void => {
    for (const { id } of declared) {
      const level = levels(id, time.wall);
      writeFileSync(join(dir, `${id}.prom`), level === null ? '' : `energy_wh ${Math.floor(level)}\n`);
    }
  };
  const read = <T>(work: (database: DatabaseSync) => T): T => {
    const database = new DatabaseSync(ledger, { timeout: 1000 });
    try {
      return work(database);
    } finally {
      database.close();
    }
  };
  return {
    dir,
    time,
    ledger,
    declare,
    read,
    async cycle(ms = MINUTE): Promise<void> {
      time.wall += ms;
      time.mono += ms;
      show();
      await exporter.beat();
    },
    /** Reads every `step` until then. */
    async until(at: number, step = 10 * MINUTE): Promise<void> {
      while (time.wall < at) await this.cycle(Math.min(step, at - time.wall));
    },
    /** The exporter is off for a while, and begins again, with the declaration that stands there now. */
    async restart(downMs = 0, restate?: string): Promise<void> {
      await exporter.stop();
      time.wall += downMs;
      time.mono = 1;
      exporter = open(restate);
    },
    /** Puts an instruction as `greenflops meter` does; the exporter's next beat carries it out. */
    async ask(
      asked: Partial<Omit<Instruction, 'value' | 'initial'>> & { at: number; value: number; initial?: number },
    ): Promise<Outcome> {
      const { value, initial, ...rest } = asked;
      const id = read((database) =>
        new Instructions(database).put(
          {
            meter: 'gate',
            kind: initial === undefined ? 'read' : 'replace',
            who: 'Wang',
            why: 'walk',
            evidence: null,
            ...rest,
            value: rational(BigInt(Math.floor(value))),
            initial: initial === undefined ? null : rational(BigInt(initial)),
          },
          time.wall,
        ),
      );
      await this.cycle(1000);
      const outcome = read((database) => new Instructions(database).outcome(id));
      if (outcome === null) throw new Error('the instruction was not carried out');
      return outcome;
    },
    events: (kind: string) =>
      read((database) =>
        database
          .prepare('SELECT source, detail FROM event WHERE kind = ? ORDER BY id')
          .all(kind)
          .map((row) => ({ source: String(row['source']), ...(JSON.parse(String(row['detail'])) as object) })),
      ),
    value(metric: Metric, labels: Readonly<Record<string, string>>): number | undefined {
      const found = snapshot
        ?.series(metric)
        .find((one) => Object.entries(labels).every(([key, text]) => one.labels[key] === text));
      if (found === undefined) return undefined;
      return typeof found.value === 'number' ? found.value : Number(found.value.units) / 10 ** found.value.digits;
    },
    series: (metric: Metric) => snapshot?.series(metric) ?? [],
    /** Leaves the ledger to another process. */
    stop: () => exporter.stop(),
    remove,
    async end(): Promise<void> {
      await exporter.stop();
      remove();
    },
  };
}
