import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { SERIES_BUDGET } from '../../exporter/publish/exposition.ts';
import type { ReadFailure } from '../../exporter/read/reader.ts';
import { v8Flags } from '../../exporter/v8-flags.ts';
import { freePort, startExporter } from '../exporter-process.ts';
import { planFolder } from '../plan-folder.ts';
import type { Check } from '../tally.ts';
import { end } from './end.ts';
import { EVERY_MS, estate } from './estate.ts';
import { startPrometheus, type Prometheus } from './prometheus.ts';
import { ways } from './rogue-server.ts';

const site = 'rogue';
const sound = ['gate', 'ups'] as const;
const SOUND_MS = 10_000;
const ROGUE_MS = 20_000;
const PATIENCE_MS = 60_000;
/**
 * An interval, the wait of a beat for those that hang and the phase of the scrape are three seconds together; answers of
 * 64 MiB that are read and taken apart beside it hold the event loop for the rest.
 */
const MOST_AGE_MS = 6 * EVERY_MS;
/** Resident memory of the exporter, with the V8 limits that it is shipped with. */
const MOST_MIB = 700;

/** What each is to be cut off with. Long labels and many series are legal text: such answers are read, and nothing of them but what was asked for is published. */
const failures: Readonly<Record<(typeof ways)[number], readonly ReadFailure[]>> = {
  million: ['too_large', 'timeout'],
  many: [],
  endless: ['too_large', 'timeout'],
  drip: ['timeout'],
  headers: ['too_large', 'protocol', 'timeout'],
  labels: [],
};

const declaration = (rogue: string): string => {
  const meter = (id: string, role: string, path: string): object => ({
    id,
    site,
    role,
    rated_kw: 3600,
    every: `${EVERY_MS}ms`,
    source: { protocol: 'exposition', url: `${rogue}/${path}`, timeout: '800ms' },
    registers: { energy: { metric: 'energy_wh', scale_to_wh: 1, modulus: 'none' } },
    idle_ok: true,
  });
  return estate(
    [site],
    [meter('gate', 'facility', 'gate'), meter('ups', 'it', 'ups'), ...ways.map((way) => meter(way, 'other', way))],
    [],
  );
};

async function startRogue(): Promise<{ url: string; stop: () => Promise<unknown> }> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('rogue-server.ts', import.meta.url))], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const kill = (): void => void child.kill('SIGKILL');
  process.on('exit', kill);
  const [url] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return {
    url,
    stop: () => {
      process.off('exit', kill);
      return end(child);
    },
  };
}

async function play() {
  await using ends = new AsyncDisposableStack();
  const rogue = await startRogue();
  ends.defer(async () => void (await rogue.stop()));
  const { dir, remove } = planFolder(declaration(rogue.url));
  ends.defer(remove);
  const port = await freePort();
  const instance = `127.0.0.1:${port}`;
  const prometheus = await startPrometheus([{ job: 'greenflops', targets: [instance] }]);
  ends.defer(() => prometheus.stop());
  const env = { ...process.env, NODE_OPTIONS: v8Flags(SERIES_BUDGET).join(' ') };
  const exporter = await startExporter(dir, `sqlite:${join(dir, 'ledger.db')}`, { port, env });
  ends.defer(async () => void (await end(exporter.child)));

  const values = async (name: string): Promise<Map<string, number>> => {
    const found = await prometheus.query(`${name}{instance="${instance}"}`);
    return new Map(found.map(({ labels, points }) => [labels['source'] ?? '', Number(points[0]?.[1])]));
  };
  const until = async (what: string, holds: (up: Map<string, number>) => boolean): Promise<number> => {
    for (const deadline = Date.now() + PATIENCE_MS; ; await sleep(200)) {
      const up = await values('greenflops_source_up');
      if (holds(up)) return Date.now();
      assert.ok(Date.now() < deadline, `${what} within ${PATIENCE_MS} ms: ${JSON.stringify([...up])}`);
    }
  };
  const allUp = (up: Map<string, number>): boolean =>
    up.size === ways.length + sound.length && [...up.values()].every((one) => one === 1);

  await until('all sources up', allUp);
  const steady = await during(prometheus, instance, SOUND_MS);
  await fetch(`${rogue.url}/rogue`, { method: 'POST' });
  const amid = await during(prometheus, instance, ROGUE_MS);
  const state = {
    ups: await values('greenflops_source_up'),
    open: await values('greenflops_source_breaker_open'),
    failed: (await prometheus.query(`greenflops_source_failures_total{instance="${instance}"}`)).map(
      ({ labels, points }) => ({
        source: labels['source'] ?? '',
        failure: labels['failure'] ?? '',
        count: Number(points[0]?.[1]),
      }),
    ),
    text: await (await fetch(`${exporter.url}/metrics`)).text(),
  };
  await fetch(`${rogue.url}/sound`, { method: 'POST' });
  const begun = Date.now();
  const back = (await until('all sources back', allUp)) - begun;
  const code = await end(exporter.child);
  return { steady, amid, ...state, back, code };
}

/** What Prometheus saw of the exporter in so many ms. */
async function during(prometheus: Prometheus, instance: string, ms: number) {
  const from = Date.now();
  await sleep(ms);
  const to = Date.now();
  const points = async (selector: string) =>
    (await prometheus.samples(selector, from, to)).flatMap((one) => one.points);
  const numbers = async (name: string) =>
    (await points(`${name}{instance="${instance}"}`)).map(([, value]) => Number(value));
  const ages = new Map<string, number>();
  for (const source of sound) {
    const seen = await points(
      `greenflops_source_last_success_timestamp_seconds{instance="${instance}",source="${source}"}`,
    );
    ages.set(source, Math.max(...seen.map(([scraped, at]) => scraped - 1000 * Number(at))));
  }
  const up = await numbers('up');
  return {
    scrapes: up.length,
    missed: up.filter((one) => one !== 1).length,
    block: Math.max(...(await numbers('nodejs_eventloop_lag_max_seconds'))),
    slowest: Math.max(...(await numbers('scrape_duration_seconds'))),
    rss: Math.max(...(await numbers('process_resident_memory_bytes'))) / 2 ** 20,
    ages,
  };
}

export function rogueChecks(): Check[] {
  let begun: ReturnType<typeof play> | undefined;
  const played = () => (begun ??= play());
  return [
    ...ways.map((way): Check => {
      const wanted = failures[way];
      return [
        `${way}: ${wanted.length > 0 ? `cut off as ${wanted.join(' or ')}, and tried less often` : 'read where there is time, and nothing of it published'}`,
        async () => {
          const { ups, open, failed, text } = await played();
          const seen = failed.filter(({ source, count }) => source === way && count > 0);
          console.log(
            `  ${way}: ${seen.map(({ failure, count }) => `${count} ${failure}`).join(', ') || 'no failure'}`,
          );
          if (wanted.length === 0) {
            assert.ok(!text.includes('rogue_series'));
            const longest = Math.max(...text.split('\n').map((line) => line.length));
            assert.ok(longest < 2000, `a line of ${longest} characters is published`);
            return;
          }
          assert.equal(ups.get(way), 0);
          assert.equal(open.get(way), 1);
          assert.ok(seen.length > 0 && seen.every(({ failure }) => wanted.some((one) => one === failure)));
        },
      ];
    }),
    ...sound.map((source): Check => [
      `${source} is on time beside ${ways.length} rogue sources`,
      async () => {
        const { steady, amid } = await played();
        const [before, beside] = [steady.ages.get(source) ?? NaN, amid.ages.get(source) ?? NaN];
        console.log(`  ${source}: at most ${Math.round(before)} ms old before, ${Math.round(beside)} ms beside them`);
        assert.ok(beside < MOST_AGE_MS, `${beside} ms`);
      },
    ]),
    [
      'Prometheus misses no scrape',
      async () => {
        const { steady, amid } = await played();
        const say = ({ scrapes, slowest, rss, block }: typeof amid) =>
          `${scrapes} scrapes, the slowest ${Math.round(1000 * slowest)} ms, loop held ${Math.round(1000 * block)} ms, ${Math.round(rss)} MiB`;
        console.log(`  before: ${say(steady)}; beside them: ${say(amid)}`);
        assert.ok(amid.scrapes >= (0.8 * ROGUE_MS) / EVERY_MS);
        assert.equal(amid.missed, 0);
        assert.ok(amid.rss < MOST_MIB, `${amid.rss} MiB`);
      },
    ],
    [
      'all are back once they behave, and SIGTERM ends the exporter with 0',
      async () => {
        const { back, code } = await played();
        console.log(`  back after ${Math.round(back / 1000)} s`);
        assert.equal(code, 0);
      },
    ],
  ];
}
