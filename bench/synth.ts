import type { Result } from './entry.ts';
import { timedSynth, type Taken } from './timed-synth.ts';

const CLUSTERS = 10;
const SIZES = [10, 25, 50];

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

/** Synthesis of a province's clusters: how long the largest takes, and whether the time grows as the estate does. */
export async function synthBench(): Promise<Result[]> {
  const taken: (Taken & { readonly pools: number })[] = [];
  for (const pools of SIZES) taken.push({ pools, ...(await timedSynth(estate(pools))) });
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
