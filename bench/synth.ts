import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startEnvironment } from '../exporter/start-environment.ts';
import { planFolder } from '../test/plan-folder.ts';
import { quantile, type Result } from './entry.ts';

const CLUSTERS = 10;
const SIZES = [10, 25, 50];
const RUNS = 3;

const MODELS = ['nvidia-a800-sxm', 'ascend-910b3', 'hygon-k100-ai', 'metax-c500', 'cambricon-mlu590'];

/** An estate of so many clusters with so many pools each, a tenant for each pool, with its own namespace. */
function estate(pools: number): string {
  const rows = (make: (cluster: number, pool: number) => string): string =>
    Array.from({ length: CLUSTERS * pools }, (_, i) => make(Math.floor(i / pools), i % pools)).join('\n');
  return `schema: greenflops/v1
sites:
  - { id: nanchang, name: { zh: 南昌, en: Nanchang }, demo: true, grid: jiangxi, profile: new-large-2025, it_rated_kw: 160 }
meters: []
clusters:
${Array.from({ length: CLUSTERS }, (_, i) => `  - { id: c${i}, site: nanchang, context: c${i}, jurisdiction: jiangxi, data_classes: [general]${i === 0 ? ', exporter: true' : ''} }`).join('\n')}
pools:
${rows((c, p) => `  - { id: c${c}-p${p}, cluster: c${c}, accelerator: ${MODELS[p % MODELS.length]}, count: 512, nodes: { selector: { pool: c${c}-p${p} } } }`)}
tenants:
${rows((c, p) => `  - { id: t${c}-${p}, action: industrial-production, namespaces: [n${c}-${p}], data_class: general, quota: [{ pool: c${c}-p${p}, pflops: 20 }] }`)}
telemetry: { image: 'registry.example/greenflops@sha256:${'0'.repeat(64)}' }
`;
}

/** Of a fresh process, from its start to its last cdk.tf.json: seconds by the clock, and seconds of CPU, which others on the machine do not stretch. */
interface Taken {
  readonly wall: number;
  readonly cpu: number;
}

const TELL = `data:text/javascript,process.on('exit',()=>{const{user,system}=process.cpuUsage();console.log('cpu',(user+system)/1e6)})`;

async function synth(pools: number): Promise<Taken> {
  const { dir, remove } = planFolder(estate(pools));
  const out = mkdtempSync(join(tmpdir(), 'greenflops-synth-'));
  const main = fileURLToPath(new URL('../infra/main.ts', import.meta.url));
  const env = { ...process.env, ...startEnvironment, CDKTF_OUTDIR: out };
  const runs: Taken[] = [];
  try {
    for (let run = 0; run <= RUNS; run++) {
      const began = performance.now();
      const { stdout } = await promisify(execFile)(process.execPath, ['--import', TELL, main, '--plan', dir], { env });
      const wall = (performance.now() - began) / 1000;
      if (run > 0) runs.push({ wall, cpu: Number(/^cpu (.*)$/m.exec(stdout)?.[1]) }); // the first one compiles
    }
  } finally {
    remove();
    rmSync(out, { recursive: true, force: true });
  }
  // The least CPU: what else runs on the machine only adds to it, by cold caches and slower clocks.
  return {
    wall: quantile(
      runs.map(({ wall }) => wall),
      0.5,
    ),
    cpu: Math.min(...runs.map(({ cpu }) => cpu)),
  };
}

/** Synthesis of a province's clusters: how long the largest takes, and whether the time grows as the estate does. */
export async function synthBench(): Promise<Result[]> {
  const taken: (Taken & { readonly pools: number })[] = [];
  for (const pools of SIZES) taken.push({ pools, ...(await synth(pools)) });
  const [first, second, third] = taken;
  if (!first || !second || !third) throw new Error('three sizes');
  const slope = (from: typeof first, to: typeof first) => (to.cpu - from.cpu) / (to.pools - from.pools);
  return [
    ...taken.flatMap(({ pools, wall, cpu }): Result[] => [
      {
        name: `synth of ${CLUSTERS} clusters x ${pools} pools, a fresh process`,
        unit: 's',
        value: wall,
        ...(pools === 50 && { budget: { at: 'most', limit: 3 } }),
      },
      { name: `synth of ${CLUSTERS} clusters x ${pools} pools, CPU`, unit: 's', value: cpu },
    ]),
    {
      // 1: linear; each further pool costs as much as the one before
      name: `synth, CPU of a pool from ${second.pools} to ${third.pools} by that from ${first.pools} to ${second.pools}`,
      unit: 'x',
      value: slope(second, third) / slope(first, second),
      budget: { at: 'most', limit: 1.5 },
    },
  ];
}
