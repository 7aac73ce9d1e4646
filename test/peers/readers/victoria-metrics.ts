import { spawn, type ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../exporter-process.ts';
import { end } from '../end.ts';
import type { Stage } from '../stage.ts';

const PATIENCE_MS = 30_000;

export interface VictoriaMetrics {
  /** Instant vector now: value by its labels as JSON, without the name. */
  query(promql: string): Promise<Map<string, number>>;
}

/** In the order of their names, without the metric's. */
export const sortedLabels = (labels: Readonly<Record<string, string>>): [string, string][] =>
  Object.entries(labels)
    .filter(([label]) => label !== '__name__')
    .toSorted(([a], [b]) => (a < b ? -1 : 1));

/** Starts a program, which ends with the stage, and waits until `url` answers. Rejects with its log. */
async function start(stage: Stage, program: string, args: readonly string[], url: string): Promise<ChildProcess> {
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (log = `${log}${chunk}`.slice(-8000)));
  child.on('error', (error) => (log += String(error)));
  const kill = () => child.kill('SIGKILL');
  process.on('exit', kill);
  stage.ends.defer(async () => {
    process.off('exit', kill);
    await end(child);
  });
  for (const until = Date.now() + PATIENCE_MS; ; await sleep(100)) {
    if (
      await fetch(url).then(
        (answer) => answer.ok,
        () => false,
      )
    )
      return child;
    if (Date.now() > until || child.exitCode !== null) throw new Error(`${program} ${args.join(' ')}:\n${log}`);
  }
}

/** Debian's VictoriaMetrics, which scrapes `targets` each second, and its vmalert, which evaluates the group of rules in `file` as it stands. */
export async function startVictoriaMetrics(
  stage: Stage,
  targets: readonly string[],
  file: string,
): Promise<VictoriaMetrics> {
  const folder = stage.folder();
  const scrape = {
    global: { scrape_interval: '1s' },
    scrape_configs: [{ job_name: 'greenflops', static_configs: [{ targets }] }],
  };
  writeFileSync(join(folder, 'scrape.yml'), JSON.stringify(scrape)); // JSON is YAML
  const address = `127.0.0.1:${await freePort()}`;
  const url = `http://${address}`;
  const flags = [`-httpListenAddr=${address}`, `-storageDataPath=${join(folder, 'data')}`];
  await start(
    stage,
    'victoria-metrics',
    // Its default hides the newest 30 seconds.
    [
      ...flags,
      `-promscrape.config=${join(folder, 'scrape.yml')}`,
      '-search.latencyOffset=0s',
      '-memory.allowedPercent=10',
    ],
    `${url}/health`,
  );
  const alert = `127.0.0.1:${await freePort()}`;
  const args = [`-rule=${file}`, `-datasource.url=${url}`, `-remoteWrite.url=${url}`, `-httpListenAddr=${alert}`];
  await start(
    stage,
    'vmalert',
    [...args, '-remoteWrite.flushInterval=1s', '-datasource.queryStep=5s'],
    `http://${alert}/health`,
  );
  return {
    async query(promql) {
      const answer = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(promql)}&nocache=1`);
      const body = (await answer.json()) as {
        status: string;
        error?: string;
        data: { result: { metric: Record<string, string>; value: [number, string] }[] };
      };
      if (body.status !== 'success') throw new Error(`VictoriaMetrics refuses ${promql}: ${body.error}`);
      return new Map(
        body.data.result.map(({ metric, value }) => [
          JSON.stringify(Object.fromEntries(sortedLabels(metric))),
          Number(value[1]),
        ]),
      );
    },
  };
}
