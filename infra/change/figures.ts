import { acceleratorOf } from '../../model/accelerator-of.ts';
import { peakTflops } from '../../model/peak.ts';
import type { Accelerator } from '../../model/schema/accelerators.ts';
import type { Plan } from '../../model/plan.ts';
import type { Pool } from '../../model/schema/estate.ts';
import type { RecordedPool } from './record.ts';

/** PFlops as people write them: three digits after the point at most, none that say nothing. */
export const pflopsText = (pflops: number): string => String(Number(pflops.toFixed(3)));

/** What a pool's chips can do, of today's declaration or as a cluster remembers it. */
export const modelOf = (plan: Plan, pool: RecordedPool): Accelerator | undefined => acceleratorOf(plan, pool as Pool);

/** Every name under which a model's chips, or parts of them, are asked for. */
export const resourceNames = ({ resources, shared_resource, slices, hami }: Accelerator): string[] => [
  ...Object.values(resources),
  ...(shared_resource === undefined ? [] : [shared_resource]),
  ...Object.values(slices).map(({ resource }) => resource),
  ...(hami.cores === undefined ? [] : [hami.cores]),
  ...(hami.memory === undefined ? [] : [hami.memory]),
];

/** Dense FP16 of one whole unit of a resource name, in PFlops; undefined where the name does not count chips. */
export function pflopsOfOne(plan: Plan, pools: readonly RecordedPool[], resource: string) {
  for (const pool of pools) {
    const model = modelOf(plan, pool);
    const peak = model && peakTflops(model, 'fp16');
    if (!model || peak === undefined) continue;
    if (Object.values(model.resources).includes(resource)) return peak / model.dies_per_package / 1000;
    const slice = Object.values(model.slices).find((one) => one.resource === resource);
    if (slice) return (peak * slice.share[0]) / slice.share[1] / 1000;
  }
  return undefined;
}

/** What a pool's chips can do at most, PFlops dense FP16; undefined where the catalogue gives no peak. */
export function poolPflops(plan: Plan, pool: RecordedPool): number | undefined {
  const model = modelOf(plan, pool);
  const peak = model && peakTflops(model, 'fp16');
  return peak === undefined ? undefined : (peak * pool.count) / 1000;
}
