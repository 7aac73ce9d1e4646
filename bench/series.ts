import { metric, type Emit, type Metric } from '../model/metrics/metric.ts';
import { droppedSeries } from '../model/metrics/self.ts';

const FAMILIES = 20;
const labels = ['site', 'pool', 'device', 'model', 'precision', 'tier'] as const;

export const families = Array.from({ length: FAMILIES }, (_, i) =>
  metric({
    name: `greenflops_bench_${String.fromCharCode(97 + i)}_watts`,
    type: 'gauge',
    unit: 'watts',
    stability: 'experimental',
    labels,
    help: { zh: '基准', en: 'A family of the benchmark' },
  }),
);
export const catalogue: readonly Metric[] = [...families, droppedSeries];

export type Labels = Readonly<Record<(typeof labels)[number], string>>;

/** The label sets of each of the twenty families, some 120 bytes a line: like a province's pools. */
export const labelSets = (series: number): Labels[] =>
  Array.from({ length: series / FAMILIES }, (_, i) => ({
    site: `site-${i % 50}`,
    pool: `pool-${i % 40}`,
    device: `device-${i}`,
    model: 'ascend-910b3',
    precision: 'fp16',
    tier: `T${(i % 5) + 1}`,
  }));

/** Every value changes in every cycle; measured figures have two decimals. */
export const valueOf = (i: number, cycle: number): number => ((i * 7919 + cycle * 104_729) % 1_000_000) / 100;

export function emitAll(emit: Emit, sets: readonly Labels[], cycle: number): void {
  for (const family of families) sets.forEach((set, i) => emit(family, set, valueOf(i, cycle)));
}
