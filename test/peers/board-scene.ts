import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse, stringify } from 'yaml';
import { fleetComputeRules } from '../../alerts/recording/fleet-compute.ts';
import { provincePueRules } from '../../alerts/recording/province-pue.ts';
import { Exporter } from '../../exporter/exporter.ts';
import { loadPlan } from '../../model/load.ts';
import type { Plan } from '../../model/plan.ts';
import { startTwin } from '../../twin/twin.ts';
import { freePort, startExporter } from '../exporter-process.ts';
import { importPastOf, onFreePorts } from '../twin-scene.ts';
import { playKueue, QUEUES } from './board-kueue.ts';
import { end } from './end.ts';
import { startPrometheus, type Prometheus } from './prometheus.ts';
import type { Stage } from './stage.ts';

/** The shipped declaration, with a hall and Kueue's metrics and without backups, on the twin, a ledger with a year and a day (a day where a meter is dead), and a Prometheus that scrapes its exporter. */
export interface BoardScene {
  readonly plan: Plan;
  readonly prometheus: Prometheus;
}

/** What befalls the scene. */
export interface Misfortune {
  /** A meter that counted nothing for three hours and gives no answer since */
  readonly dead?: string;
  /** A pool that falls silent after its first answer */
  readonly silent?: string;
}

const HOUR_MS = 3_600_000;
/** A full day, the broken hour at each end, and one to spare. */
const PAST_HOURS = 26;
const DEAD_HOURS = 3;
const YEAR_MS = 367 * 24 * HOUR_MS;
/** Register deltas across up to an hour are spread over it and count as metered. */
const STEP_MS = HOUR_MS / 2;
const PATIENCE_MS = 60_000;

/**
 * Lets the exporter read the twin through the past in a few seconds, up to now, on a clock of their own. The dead meter is
 * stuck in it, as each read of a silent one would wait for its timeout in real time: both leave hours unmetered.
 */
async function playPast(plan: Plan, folder: string, ledger: string, dead: string | undefined): Promise<void> {
  const time = { now: Date.now() - PAST_HOURS * HOUR_MS };
  const control = `127.0.0.1:${await freePort()}`;
  const twin = await startTwin({ plan: folder, control, clock: { now: () => time.now } });
  // A year that is whole would outweigh the dead hours in the long windows.
  if (dead === undefined) importPastOf(twin, plan, ledger, time.now - YEAR_MS, time.now);
  const exporter = new Exporter({
    plan,
    sites: plan.estate.sites.map(({ id }) => id),
    ledger,
    version: 'test',
    clock: { wall: () => time.now, mono: () => time.now },
    patienceMs: 10_000,
    publish: () => {},
  });
  try {
    for (let left = PAST_HOURS * HOUR_MS; left >= 0; left -= STEP_MS) {
      if (dead !== undefined && left === DEAD_HOURS * HOUR_MS) await twin.fault({ target: dead, kind: 'stuck' });
      await exporter.beat();
      time.now += STEP_MS;
    }
  } finally {
    await exporter.stop();
    await twin.close();
  }
}

/** The hall that the scene declares: its meters are all well, whatever befalls the gate. */
export const HALL = { id: 'py-hall', site: 'poyang', meters: ['py-ups', 'py-chiller'] };
/** The site whose load is below the least at which a burn is given; that of the others is above it. */
export const IDLE = { id: 'nanchang', it_rated_kw: 400 };

/** The shipped estate with a hall, with an idle site, with a cluster's queues, and without what would stand in for a dead meter. */
function estateOf(shipped: string, kueueMetrics: string): string {
  const { sites, clusters, meters, ...rest } = parse(shipped) as {
    sites: { id: string }[];
    clusters: { id: string }[];
    meters: { id: string; backup?: string }[];
  };
  const source = { protocol: 'exposition', url: pathToFileURL(kueueMetrics).href };
  const kueue = { enabled: true, metrics: { every: '1s', source } };
  const backups = new Set(meters.map(({ backup }) => backup));
  return stringify(
    {
      ...rest,
      sites: sites.map((site) => (site.id === IDLE.id ? { ...site, ...IDLE } : site)),
      clusters: clusters.map((cluster) => (cluster.id === QUEUES.cluster ? { ...cluster, kueue } : cluster)),
      halls: [{ id: HALL.id, site: HALL.site, name: { zh: '甲楼', en: 'Hall A' } }],
      meters: meters
        .filter(({ id }) => !backups.has(id))
        .map((meter) => {
          const { backup: _, ...own } = meter;
          return HALL.meters.includes(own.id) ? { ...own, hall: HALL.id } : own;
        }),
    },
    { aliasDuplicateObjects: false },
  );
}

/** What was timed on one pool: no other pool of the shipped estate can say what it achieves. */
const calibrations = [
  {
    accelerator: 'nvidia-h20',
    pool: 'py-h20',
    achieved_tflops: 120,
    date: '2026-01-01',
    method: 'invented',
    source: 'the scene of the boards',
  },
];

/** Plays a day, then starts the exporter as its users do; resolves when Prometheus has seen what befell each source. */
export async function openBoardScene(stage: Stage, { dead, silent }: Misfortune): Promise<BoardScene> {
  const shipped = readFileSync(new URL('../../plan/estate.yaml', import.meta.url), 'utf8');
  const kueueMetrics = join(stage.folder(), 'kueue.prom');
  stage.ends.use(playKueue(kueueMetrics));
  const folder = stage.plan(await onFreePorts(estateOf(shipped, kueueMetrics)));
  writeFileSync(join(folder, 'calibration.yaml'), stringify({ schema: 'greenflops/v1', calibrations }));
  const plan = loadPlan(folder);
  const ledger = join(folder, 'ledger.db');
  await playPast(plan, folder, ledger, dead);

  const twin = await startTwin({ plan: folder, control: `127.0.0.1:${await freePort()}` });
  stage.ends.defer(() => twin.close());
  if (dead !== undefined) await twin.fault({ target: dead, kind: 'silent' });
  const port = await freePort();
  const exporter = await startExporter(folder, `sqlite:${ledger}`, { port });
  const kill = () => exporter.child.kill('SIGKILL');
  process.on('exit', kill); // a test that dies takes its exporter along
  stage.ends.defer(async () => {
    process.off('exit', kill);
    await end(exporter.child);
  });
  const targets = [`127.0.0.1:${port}`];
  // Scraped twice: a board must not count anything twice.
  const prometheus = await startPrometheus(
    [
      { job: 'greenflops', targets },
      { job: 'again', targets },
    ],
    [...provincePueRules, ...fleetComputeRules],
  );
  stage.ends.defer(() => prometheus.stop());

  const { meters, pools, clusters } = plan.estate;
  const sources =
    meters.length +
    pools.filter(({ telemetry }) => telemetry !== undefined).length +
    clusters.filter(({ kueue }) => kueue.metrics !== undefined).length;
  const until = async (up: number, wanted: number): Promise<void> => {
    for (const deadline = Date.now() + PATIENCE_MS; ; await sleep(200)) {
      const seen = await prometheus.query(`greenflops_source_up{job="again"} == ${up}`);
      if (seen.length === wanted) return;
      if (Date.now() > deadline)
        throw new Error(`${seen.length} of ${wanted} sources have greenflops_source_up ${up} after ${PATIENCE_MS} ms`);
    }
  };
  const deadOnes = dead === undefined ? 0 : 1;
  await until(1, sources - deadOnes);
  if (silent !== undefined) await twin.fault({ target: silent, kind: 'silent' });
  await until(0, deadOnes + (silent === undefined ? 0 : 1));
  const drawn = `sum by (site) (increase(greenflops_accelerator_energy_joules_total{job="again"}[1h])) > 0`;
  for (const deadline = Date.now() + PATIENCE_MS; ; await sleep(200)) {
    const drawing = await prometheus.query(drawn);
    if (drawing.length === plan.estate.sites.length) break;
    if (Date.now() > deadline) throw new Error(`no energy of accelerators at some site after ${PATIENCE_MS} ms`);
  }
  await sleep(3000); // rates need two samples, and the dead meter's first unmetered seconds
  return { plan, prometheus };
}
