import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { planFolder } from '../plan-folder.ts';

export const HOUR = 3_600_000;
export const at = (text: string): number => Date.parse(`${text}+08:00`);

/** Overhead of site a by month, kW, January first: July is far beyond what 1.25 allows at 200 kW of IT, the year is not. */
const OVERHEAD = [36, 36, 38, 42, 46, 58, 85, 62, 48, 42, 38, 36];
const IT = { 'a-ups-1': 120, 'a-ups-2': 80, 'a-ups-2b': 80, 'b-ups': 50 } as const;
const B_OVERHEAD = 15;
/** Everything at site a that is neither IT nor chiller. */
const LOSSES = 10;

export const JOINS = at('2025-05-01T00:00:00');
const SWAP = at('2025-09-10T10:00:00');

const monthOf = (instant: number): number => new Date(instant + 8 * HOUR).getUTCMonth();

/** kW of a meter in the hour that begins at an instant. */
function kilowatts(meter: string, instant: number): number {
  const overhead = OVERHEAD[monthOf(instant)] ?? Number.NaN;
  const isSwapped = instant >= SWAP;
  switch (meter) {
    case 'a-gate':
      return IT['a-ups-1'] + IT['a-ups-2'] + overhead;
    case 'a-chiller':
      return overhead - LOSSES;
    case 'a-ups-2':
      return isSwapped ? 0 : IT['a-ups-2'];
    case 'a-ups-2b':
      return isSwapped ? IT['a-ups-2b'] : 0;
    case 'b-gate':
      return instant < JOINS ? 0 : IT['b-ups'] + B_OVERHEAD;
    case 'b-ups':
      return instant < JOINS ? 0 : IT['b-ups'];
    default:
      return IT['a-ups-1'];
  }
}

/** kWh of meters over [from, to), by the plant's own account. */
export function truth(meters: readonly string[], from: number, to: number): number {
  let sum = 0;
  for (let hour = from; hour < to; hour += HOUR) for (const meter of meters) sum += kilowatts(meter, hour);
  return sum;
}

const meterIds = ['a-gate', 'a-chiller', 'a-ups-1', 'a-ups-2', 'a-ups-2b', 'b-gate', 'b-ups'] as const;
export type MeterId = (typeof meterIds)[number];

const estate = (dir: string): string => {
  const meter = (id: MeterId, fields: string): string =>
    `  - { id: ${id}, site: ${id[0]}, ${fields}, rated_kw: 400, accuracy_class: 0.5, every: 1h, source: { protocol: exposition, url: "file://${join(dir, 'devices', id)}" }, registers: { energy: { metric: wh, scale_to_wh: 1, modulus: none } } }`;
  const iso = (instant: number): string => new Date(instant).toISOString();
  const site = (id: string, kw: number, more = ''): string =>
    `  - { id: ${id}, name: { zh: ${id} 园区, en: Site ${id} }, grid: jiangxi, profile: new-large-2025, it_rated_kw: ${kw}${more} }`;
  return `schema: greenflops/v1
sites:
${site('a', 400)}
${site('b', 100, `, valid_from: "${iso(JOINS)}"`)}
meters:
${meter('a-gate', 'role: facility')}
${meter('a-chiller', 'role: cooling, parent: a-gate')}
${meter('a-ups-1', 'role: it, parent: a-gate, category: 1')}
${meter('a-ups-2', `role: it, parent: a-gate, category: 1, valid_to: "${iso(SWAP)}"`)}
${meter('a-ups-2b', `role: it, parent: a-gate, category: 1, valid_from: "${iso(SWAP)}"`)}
${meter('b-gate', `role: facility, valid_from: "${iso(JOINS)}"`)}
${meter('b-ups', `role: it, parent: b-gate, category: 1, valid_from: "${iso(JOINS)}"`)}
`;
};

/** Two sites of text files, one of which joins in May; their registers go on by the hour. */
export class Plant {
  readonly plan: string;
  readonly #devices: string;
  readonly #remove: () => void;
  readonly #wattHours = new Map<MeterId, number>(meterIds.map((id, i) => [id, 5_000_000 + i * 1_000_003]));
  readonly #dead = new Set<MeterId>();

  constructor() {
    const { dir, remove } = planFolder('');
    this.plan = dir;
    this.#remove = remove;
    this.#devices = join(dir, 'devices');
    mkdirSync(this.#devices);
    writeFileSync(join(dir, 'estate.yaml'), estate(dir));
    this.#show();
  }

  /** An hour that began at an instant passes. */
  pass(instant: number): void {
    for (const id of meterIds) this.#wattHours.set(id, this.level(id) + kilowatts(id, instant) * 1000);
    this.#show();
  }

  level(id: MeterId): number {
    return this.#wattHours.get(id) ?? Number.NaN;
  }

  /** Another meter hangs in its place. */
  replace(id: MeterId, wattHours: number): void {
    this.#wattHours.set(id, wattHours);
    this.#show();
  }

  die(id: MeterId): void {
    this.#dead.add(id);
    this.#show();
  }

  revive(id: MeterId): void {
    this.#dead.delete(id);
    this.#show();
  }

  #show(): void {
    for (const id of meterIds) {
      const file = join(this.#devices, id);
      if (this.#dead.has(id)) rmSync(file, { force: true });
      else {
        writeFileSync(`${file}.new`, `wh ${this.level(id)}\n`);
        renameSync(`${file}.new`, file);
      }
    }
  }

  remove(): void {
    this.#remove();
  }
}
