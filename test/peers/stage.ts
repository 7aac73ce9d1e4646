import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, startExporter, type ExporterProcess } from '../exporter-process.ts';
import { planFolder } from '../plan-folder.ts';
import { end } from './end.ts';
import { startPrometheus, type Prometheus } from './prometheus.ts';

/** The exporters of the scenes, each on a port that Prometheus scrapes from the beginning. */
const names = ['run', 'recorded', 'broken'] as const;
type Name = (typeof names)[number];

/** What the scenes share: one Prometheus, and what is to be ended when all is done. */
export interface Stage {
  readonly prometheus: Prometheus;
  /** host:port of an exporter, which is the `instance` of its series */
  instance(name: Name): string;
  /** A folder with the shipped declaration and this estate, removed with the stage. */
  plan(estate: string): string;
  /** An empty folder, removed with the stage. */
  folder(): string;
  /** Starts an exporter, which is ended with the stage. */
  exporter(name: Name, plan: string, store: string): Promise<ExporterProcess>;
  /** What ends with the stage, the last one first. */
  readonly ends: AsyncDisposableStack;
}

export async function openStage(): Promise<Stage> {
  const ends = new AsyncDisposableStack();
  const ports = { run: await freePort(), recorded: await freePort(), broken: await freePort() };
  const instance = (name: Name) => `127.0.0.1:${ports[name]}`;
  const targets = names.map(instance);
  const prometheus = await startPrometheus([
    { job: 'greenflops', targets },
    // Prometheus asks for OpenMetrics first; the plain text must be as good.
    { job: 'text', targets, scrape_protocols: ['PrometheusText0.0.4'] },
  ]);
  ends.defer(() => prometheus.stop());
  return {
    prometheus,
    instance,
    ends,
    plan(estate) {
      const { dir, remove } = planFolder(estate);
      ends.defer(remove);
      return dir;
    },
    folder() {
      const dir = mkdtempSync(join(tmpdir(), 'greenflops-peers-'));
      ends.defer(() => rmSync(dir, { recursive: true, force: true }));
      return dir;
    },
    async exporter(name, plan, store) {
      const exporter = await startExporter(plan, store, { port: ports[name] });
      const kill = () => exporter.child.kill('SIGKILL');
      process.on('exit', kill); // a test that dies takes its exporter along
      ends.defer(async () => {
        process.off('exit', kill);
        await end(exporter.child);
      });
      return exporter;
    },
  };
}
