import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { importPast } from '../exporter/account/past/import-past.ts';
import { openBesideWriter } from '../exporter/account/ledger/open-ledger.ts';
import { checkPast } from '../exporter/account/past/past-check.ts';
import { Exporter } from '../exporter/exporter.ts';
import type { Snapshot } from '../exporter/publish/snapshot.ts';
import { readEnergyCsv } from '../exporter/read/past/energy-csv.ts';
import type { EnergyRows } from '../exporter/read/past/energy-rows.ts';
import { loadPlan } from '../model/load.ts';
import type { Metric, Sample } from '../model/metrics/metric.ts';
import type { Plan } from '../model/plan.ts';
import { startTwin, type Twin } from '../twin/twin.ts';
import { freePort } from './exporter-process.ts';
import { planFolder } from './plan-folder.ts';

const shipped = readFileSync(new URL('../plan/estate.yaml', import.meta.url), 'utf8');

/** An estate text with its loopback ports replaced by ports that are free here. */
export async function onFreePorts(text: string): Promise<string> {
  let moved = text;
  for (const port of new Set(text.match(/(?<=127\.0\.0\.1:)\d+/g) ?? [])) {
    moved = moved.replaceAll(`127.0.0.1:${port}`, `127.0.0.1:${await freePort()}`);
  }
  return moved;
}

/**
 * One site whose devices the twin plays: gate, photovoltaics, UPS, chiller with registers as shipped; a pool of each
 * exporter shape with `count` accelerators each, which are read where `telemetry` is true.
 */
export function smallEstate(every: string, { count = 8, telemetry = true } = {}): string {
  const registers = (anchor: string): string =>
    new RegExp(`registers: &${anchor}[^\\n]*\\n((?: {6}[^\\n]*\\n)+)`)
      .exec(shipped)?.[1]
      ?.replaceAll(/^ {4}/gm, '    ') ?? '';
  // The UPS meter has an address of its own, so that it can refuse connections alone.
  const meter = (id: string, unit: number, fields: string, map: string): string =>
    `  - id: ${id}\n    site: s\n    ${fields}\n    every: ${every}\n    source: { protocol: modbus-tcp, address: "127.0.0.1:${id === 'ups' ? 19503 : 19502}", unit: ${unit} }\n    registers:\n${map}`;
  const sdm630 =
    '      energy: { function: 4, address: 72, type: float32, scale_to_wh: 1000, modulus: none }\n      power: { function: 4, address: 52, type: float32, scale_to_w: 1 }\n';
  const pool = (id: string, accelerator: string, family: string): string =>
    `  - { id: ${id}, cluster: c, accelerator: ${accelerator}, count: ${count}, nodes: { names: [${id}] }${telemetry ? `, telemetry: { family: ${family}, every: ${every}, source: { protocol: exposition, url: "http://127.0.0.1:19400/${id}" } }` : ''} }`;
  const kilowatts = (share: number): number => Math.ceil(share * 3 * count);
  return `schema: greenflops/v1
sites: [{ id: s, name: { zh: 站, en: Site }, grid: jiangxi, profile: new-large-2025, it_rated_kw: ${3 * count} }]
clusters: [{ id: c, site: s, context: c, jurisdiction: jiangxi, data_classes: [general] }]
meters:
${meter('gate', 1, `role: facility\n    rated_kw: ${kilowatts(1)}`, registers('pm5xxx'))}${meter('pv', 2, `role: facility\n    direction: generation\n    rated_kw: ${kilowatts(0.1)}\n    idle_ok: true`, registers('pm5xxx'))}${meter('ups', 3, `role: it\n    category: 1\n    parent: gate\n    rated_kw: ${kilowatts(0.7)}`, registers('em24'))}${meter('chiller', 5, `role: cooling\n    parent: gate\n    rated_kw: ${kilowatts(0.4)}`, sdm630)}pools:
${pool('a800', 'nvidia-a800-sxm', 'dcgm')}
${pool('b3', 'ascend-910b3', 'npu-exporter')}
${pool('a', 'ascend-910a', 'npu-exporter')}
tenants:
  - { id: red, action: industrial-production, namespaces: [red-train, red-serve], data_class: general }
  - { id: blue, action: agricultural-production, namespaces: [blue], data_class: general }
`;
}

export type TwinScene = Awaited<ReturnType<typeof twinScene>>;

/** What `greenflops import` does with the twin's own export. */
export function importPastOf(twin: Twin, plan: Plan, ledger: string, from: number, to: number): void {
  const csv = new TextEncoder().encode([...twin.history(from, to)].join(''));
  const zone = { name: 'Asia/Shanghai', offsetMs: 8 * 3_600_000 };
  const rows = new Map<string, EnergyRows>();
  const { faults } = readEnergyCsv('past.csv', [csv], { encoding: 'utf-8', zone }, rows);
  const { database, close } = openBesideWriter(ledger);
  try {
    const checked = checkPast(rows, plan.estate.meters, { database, now: to, zone });
    const wrong = [...faults, ...checked.faults].map(({ line, text }) => `${line}: ${text.en}`);
    if (wrong.length > 0) throw new Error(`the twin's past is refused\n${wrong.join('\n')}`);
    importPast(database, checked.pasts, { plan: plan.hash, files: [], now: to });
  } finally {
    close();
  }
}

/**
 * Twin and exporter in one process, on one clock that the test moves, over real sockets. With `pastFrom` the ledger
 * begins with the twin's hours from then on.
 */
export async function twinScene(
  estate: string = shipped,
  start = Date.parse('2026-11-24T00:00:00+08:00'),
  pastFrom?: number,
) {
  const { dir, remove } = planFolder('');
  writeFileSync(join(dir, 'estate.yaml'), await onFreePorts(estate));
  const time = { now: start };
  const twin = await startTwin({ plan: dir, control: `127.0.0.1:${await freePort()}`, clock: { now: () => time.now } });
  const plan = loadPlan(dir);
  const ledger = join(dir, 'ledger.db');
  let snapshot: Snapshot | undefined;
  const open = (): Exporter =>
    new Exporter({
      plan,
      sites: plan.estate.sites.map(({ id }) => id),
      ledger,
      version: 'test',
      clock: { wall: () => time.now, mono: () => time.now - start },
      patienceMs: 10_000,
      publish: (made) => void (snapshot = made),
    });
  if (pastFrom !== undefined) importPastOf(twin, plan, ledger, pastFrom, start);
  let exporter = open();
  return {
    twin,
    plan,
    time,
    ledger,
    /** Imports the twin's hours from then to the hour of `to`, while the exporter runs. */
    importPast: (from: number, to: number) => importPastOf(twin, plan, ledger, from, to),
    /** The exporter is off for a while; the devices go on. */
    async off(ms: number): Promise<void> {
      await exporter.stop();
      time.now += ms;
      exporter = open();
    },
    /** Reads everything once at the clock's instant. */
    beat: () => exporter.beat(),
    async step(ms: number): Promise<void> {
      time.now += ms;
      await exporter.beat();
    },
    series: (metric: Metric): readonly Sample[] => snapshot?.series(metric) ?? [],
    /** The value of the one series with these labels; undefined where there is none. */
    value(metric: Metric, labels: Readonly<Record<string, string>>): number | undefined {
      const found = snapshot
        ?.series(metric)
        .find((one) => Object.entries(labels).every(([k, v]) => one.labels[k] === v));
      if (found === undefined) return undefined;
      return typeof found.value === 'number' ? found.value : Number(found.value.units) / 10 ** found.value.digits;
    },
    async close(): Promise<void> {
      await exporter.stop();
      await twin.close();
      remove();
    },
  };
}
