import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ReadFailure } from '../../exporter/read/reader.ts';
import type { Check } from '../tally.ts';
import { onFreePorts } from '../twin-scene.ts';
import { end } from './end.ts';
import { EVERY_MS, estate, meter, pool } from './estate.ts';
import { eventsOf } from './greenflops.ts';
import type { Stage } from './stage.ts';
import { startTwinProcess } from './twin-process.ts';

const site = 'broken';
const BROKEN_MS = 10_000;
const PATIENCE_MS = 20_000;

/** How a source can be broken, and what it is then said to have failed of. */
const ways: readonly {
  id: string;
  fault: { kind: string } & Readonly<Record<string, unknown>>;
  failures: readonly ReadFailure[];
}[] = [
  { id: 'garbled', fault: { kind: 'garbled' }, failures: ['protocol'] },
  { id: 'drip', fault: { kind: 'endless', mode: 'drip' }, failures: ['timeout'] },
  // Whichever of its two limits it meets first.
  { id: 'flood', fault: { kind: 'endless', mode: 'flood' }, failures: ['too_large', 'timeout'] },
  { id: 'slow', fault: { kind: 'slow', ms: 5000 }, failures: ['timeout'] },
  { id: 'silent', fault: { kind: 'silent' }, failures: ['timeout'] },
  { id: 'refusing', fault: { kind: 'silent', mode: 'refuse' }, failures: ['refused'] },
];
/** Broken before the exporter starts, and while it runs. */
const times = ['start', 'later'] as const;
const broken = times.flatMap((time) =>
  ways.map(({ id, fault, failures }) => ({ id, fault, failures, time, source: `${id}-${time}` })),
);
const sound = ['gate', 'ups', 'good'];

function declaration(): string {
  const cards = (id: string, port = 19_400) =>
    pool(id, site, 'nvidia-a800-sxm', 8, { family: 'dcgm', url: `http://127.0.0.1:${port}/${id}`, timeout: '800ms' });
  const at = { site, rated_kw: 1000 };
  return estate(
    [site],
    [
      meter({ id: 'gate', model: 'pm5xxx', port: 19_500, unit: 1 }, { ...at, role: 'facility' }),
      meter({ id: 'ups', model: 'em24', port: 19_500, unit: 2 }, { ...at, role: 'it', category: 1 }),
    ],
    [
      cards('good'),
      // A server that refuses does so for all of its pools.
      ...broken.map(({ source, id, time }) => cards(source, id === 'refusing' ? 19_401 + times.indexOf(time) : 19_400)),
      pool('power', site, 'nvidia-a800-sxm', 400),
    ],
  );
}

async function play(stage: Stage) {
  const plan = stage.plan(await onFreePorts(declaration()));
  const twin = await startTwinProcess(plan);
  stage.ends.defer(() => twin.stop());
  const breakAll = (time: string) =>
    Promise.all(
      broken.filter((one) => one.time === time).map(({ source, fault }) => twin.fault({ target: source, ...fault })),
    );
  await breakAll('start');
  const store = `sqlite:${join(plan, 'ledger.db')}`;
  const exporter = await stage.exporter('broken', plan, store);

  const labels = `job="greenflops",instance="${stage.instance('broken')}"`;
  const values = async (name: string) => {
    const found = await stage.prometheus.query(`${name}{${labels}}`);
    return found.map((one) => ({ labels: one.labels, value: Number(one.points[0]?.[1]) }));
  };
  const ups = async () =>
    new Map((await values('greenflops_source_up')).map((one) => [one.labels['source'], one.value]));
  async function until(what: string, holds: (up: Map<string | undefined, number>) => boolean): Promise<number> {
    for (const deadline = Date.now() + PATIENCE_MS; ; await sleep(200)) {
      const up = await ups();
      if (holds(up)) return Date.now();
      assert.ok(Date.now() < deadline, `${what} within ${PATIENCE_MS} ms: ${JSON.stringify([...up])}`);
    }
  }

  const from = await until('all sources read once', (up) => up.size === broken.length + sound.length);
  const beforeLater = await ups();
  await breakAll('later');
  await sleep(BROKEN_MS);
  const amid = { ups: await ups(), failures: await values('greenflops_source_failures_total') };
  await Promise.all(broken.map(({ source }) => twin.fault({ target: source, kind: 'none' })));
  const to = await until('all sources back', (up) => [...up.values()].every((one) => one === 1));
  return { stage, twin, exporter, store, labels, from, to, beforeLater, amid, breakAll };
}
type Played = Awaited<ReturnType<typeof play>>;

async function isDown({ amid, beforeLater, store }: Played, one: (typeof broken)[number]): Promise<void> {
  const { source, time, failures } = one;
  assert.equal(beforeLater.get(source), time === 'start' ? 0 : 1, `${source}: up before the others broke`);
  assert.equal(amid.ups.get(source), 0, `${source}: up while it is broken`);
  const counted = amid.failures.filter(({ labels, value }) => labels['source'] === source && value > 0);
  const seen = counted.map(({ labels }) => labels['failure'] ?? '');
  assert.ok(
    seen.length > 0 && seen.every((failure) => failures.some((known) => known === failure)),
    `${source}: ${seen.join(', ')}`,
  );
  const events = await eventsOf(store, source);
  const silent = events.find(({ kind }) => kind === 'silent');
  assert.ok(silent && seen.includes(String(silent.detail['failure'])), `${source}: ${JSON.stringify(events)}`);
  assert.equal(events.at(-1)?.kind, 'back', `${source}: ${JSON.stringify(events)}`);
}

/**
 * Answers come in every interval. At a scrape one may be as old as an interval, the cycle's wait for the hanging ones
 * and the phase of the scrape together; a busy machine adds to it.
 */
async function isOnTime({ stage, labels, from, to }: Played, source: string): Promise<void> {
  const selector = `greenflops_source_last_success_timestamp_seconds{${labels},source="${source}"}`;
  const [series] = await stage.prometheus.samples(selector, from, to);
  assert.ok(series && series.points.length > (0.8 * (to - from)) / EVERY_MS, `${source}: scrapes`);
  const ages = series.points.map(([scraped, at]) => scraped - 1000 * Number(at));
  assert.ok(Math.max(...ages) < 4 * EVERY_MS, `${source}: answers up to ${Math.max(...ages)} ms old`);
  const answers = new Set(series.points.map(([, at]) => at)).size;
  assert.ok(answers > (0.8 * (to - from)) / EVERY_MS, `${source}: ${answers} answers in ${to - from} ms`);
  const lost = `greenflops_meter_unmetered_seconds_total{${labels},meter="${source}"}`;
  const [unmetered] = await stage.prometheus.query(lost, to);
  assert.equal(Number(unmetered?.points[0]?.[1] ?? 0), 0, `${source}: unmetered`);
  console.log(
    `  ${source}: ${answers} answers in ${to - from} ms, none older than ${Math.round(Math.max(...ages))} ms`,
  );
}

/** Hanging reads are broken off. */
async function endsInTime({ exporter, breakAll }: Played): Promise<void> {
  await breakAll('later');
  await sleep(1500);
  const begun = performance.now();
  assert.equal(await end(exporter.child), 0);
  const took = performance.now() - begun;
  assert.ok(took < 10_000, `${took} ms`);
  console.log(`  ended after ${Math.round(took)} ms`);
}

export function brokenSourceChecks(stage: Stage): Check[] {
  let begun: Promise<Played> | undefined;
  const played = () => (begun ??= play(stage));
  return [
    ...broken.map((one): Check => [
      `${one.source}: down with ${one.failures.join(' or ')}, then back`,
      async () => isDown(await played(), one),
    ]),
    ...sound.map((source): Check => [
      `${source} is on time beside ${broken.length} broken sources`,
      async () => isOnTime(await played(), source),
    ]),
    ['SIGTERM amid hanging reads: exit code 0 within 10 s', async () => endsInTime(await played())],
  ];
}
