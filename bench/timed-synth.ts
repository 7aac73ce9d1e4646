import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startEnvironment } from '../exporter/start-environment.ts';
import { planFolder } from '../test/plan-folder.ts';
import { quantile } from './entry.ts';

const RUNS = 3;

/** Of a fresh process, from its start to its last cdk.tf.json. */
export interface Taken {
  /** Seconds by the clock, the middle one of three runs */
  readonly wall: number;
  /** Seconds of CPU, the least of three: what else runs on the machine only adds to it, by cold caches and slower clocks */
  readonly cpu: number;
  /** The most that it held, MiB, the middle one of three */
  readonly rss: number;
}

const TELL =
  "data:text/javascript,process.on('exit',()=>{const{user,system}=process.cpuUsage();" +
  "console.log('taken',(user+system)/1e6,process.resourceUsage().maxRSS/1024)})";

/** Synthesises the shipped declaration with this estate. */
export async function timedSynth(estate: string): Promise<Taken> {
  const { dir, remove } = planFolder(estate);
  const out = mkdtempSync(join(tmpdir(), 'greenflops-synth-'));
  const main = fileURLToPath(new URL('../infra/main.ts', import.meta.url));
  const env = { ...process.env, ...startEnvironment, CDKTF_OUTDIR: out };
  const runs: Taken[] = [];
  try {
    for (let run = 0; run <= RUNS; run++) {
      const began = performance.now();
      const { stdout } = await promisify(execFile)(process.execPath, ['--import', TELL, main, '--plan', dir], {
        env,
        maxBuffer: 64 << 20,
      });
      const wall = (performance.now() - began) / 1000;
      const [, cpu, rss] = /^taken (\S+) (\S+)$/m.exec(stdout) ?? [];
      if (run > 0) runs.push({ wall, cpu: Number(cpu), rss: Number(rss) }); // the first one compiles
    }
  } finally {
    remove();
    rmSync(out, { recursive: true, force: true });
  }
  const middle = (of: (run: Taken) => number): number => quantile(runs.map(of), 0.5);
  return {
    wall: middle(({ wall }) => wall),
    cpu: Math.min(...runs.map(({ cpu }) => cpu)),
    rss: middle(({ rss }) => rss),
  };
}
