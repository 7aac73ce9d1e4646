import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { RecordingRule } from '../../alerts/alert.ts';
import { end } from './end.ts';
import { peerTools } from './tools.ts';

type Labels = Readonly<Record<string, string>>;
/** A stored sample: Unix milliseconds, and the value's text as Prometheus gives it. */
export type Point = readonly [time: number, value: string];
export interface Series {
  readonly labels: Labels;
  readonly points: readonly Point[];
}

export interface Prometheus {
  readonly url: string;
  /** Instant vector (or scalar) at `time` in Unix ms, now by default: one point a series. */
  query(promql: string, time?: number): Promise<Series[]>;
  /** The raw samples of a selector within [from, to], Unix ms, as they were scraped: no function has touched them. */
  samples(selector: string, from: number, to: number): Promise<Series[]>;
  /** Ends the server and removes its data. */
  stop(): Promise<void>;
}

/** Answer of GET /api/v1/query (prometheus.io/docs/prometheus/latest/querying/api). */
interface Answer {
  readonly status: string;
  readonly error?: string;
  readonly data: { readonly resultType: string; readonly result: unknown };
}
type Stamped = readonly [seconds: number, value: string];
interface Result {
  readonly metric: Labels;
  readonly value?: Stamped;
  readonly values?: readonly Stamped[];
}

function series({ metric, value, values = value ? [value] : [] }: Result): Series {
  return { labels: metric, points: values.map(([seconds, text]) => [Math.round(seconds * 1000), text]) };
}

const patience = 30_000; // ms until the server must be ready

export interface Job {
  readonly job: string;
  /** host:port each */
  readonly targets: readonly string[];
  /** What is asked for by the Accept header, best first. @default Prometheus' own: OpenMetrics before plain text */
  readonly scrape_protocols?: readonly string[];
}

/**
 * Starts a real Prometheus on a free loopback port, which scrapes every target and evaluates every rule once a second.
 * Resolves when the server is ready; rejects with its log where it ends or stays silent.
 */
export async function startPrometheus(jobs: readonly Job[], rules: readonly RecordingRule[] = []): Promise<Prometheus> {
  const { prometheus } = await peerTools();
  const folder = await mkdtemp(join(tmpdir(), 'greenflops-prometheus-'));
  const config = {
    global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
    rule_files: [join(folder, 'rules.yml')],
    scrape_configs: jobs.map(({ job, targets, ...how }) => ({ job_name: job, static_configs: [{ targets }], ...how })),
  };
  await writeFile(join(folder, 'prometheus.yml'), JSON.stringify(config)); // JSON is YAML
  await writeFile(join(folder, 'rules.yml'), JSON.stringify({ groups: [{ name: 'recording', rules }] }));
  const server = spawn(
    prometheus,
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      '--web.listen-address=127.0.0.1:0',
      '--scrape.discovery-reload-interval=100ms', // 5 s by default: the first scrape would wait for it
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const kill = () => server.kill('SIGKILL');
  process.on('exit', kill); // a test that dies takes its server along

  async function stop(): Promise<void> {
    await end(server);
    process.off('exit', kill);
    await rm(folder, { recursive: true, force: true });
  }

  let log = '';
  server.stderr.setEncoding('utf8').on('data', (chunk: string) => (log = `${log}${chunk}`.slice(-20_000)));
  let url = '';
  try {
    for (const until = Date.now() + patience; !(await ready()); await setTimeout(50))
      if (server.exitCode !== null || Date.now() > until) throw new Error(`exit code ${server.exitCode}`);
  } catch (error) {
    await stop();
    throw new Error(`${prometheus} was not ready within ${patience / 1000} s. Its log:\n${log}`, { cause: error });
  }

  async function ready(): Promise<boolean> {
    const port = /msg="Listening on".* address=127\.0\.0\.1:(\d+)/.exec(log)?.[1];
    if (port === undefined) return false;
    url = `http://127.0.0.1:${port}`;
    return (await fetch(`${url}/-/ready`)).ok;
  }

  async function results(promql: string, time: number): Promise<Result[]> {
    const body = new URLSearchParams({ query: promql, time: (time / 1000).toFixed(3) });
    const response = await fetch(`${url}/api/v1/query`, { method: 'POST', body });
    const { status, error, data } = (await response.json()) as Answer;
    if (status !== 'success') throw new Error(`Prometheus refuses ${promql} at ${time}: ${error}`);
    if (data.resultType === 'scalar') return [{ metric: {}, value: data.result as Stamped }];
    return data.result as Result[];
  }
  return {
    url,
    query: async (promql, time = Date.now()) => (await results(promql, time)).map(series),
    // A range selector leaves out its left edge since version 3: one millisecond more takes it in.
    samples: async (selector, from, to) => (await results(`${selector}[${to - from + 1}ms]`, to)).map(series),
    stop,
  };
}
