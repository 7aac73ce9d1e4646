import type { Emit } from '../model/metrics/metric.ts';
import { acceleratorOf } from '../model/accelerator-of.ts';
import { poolEndpoints } from '../model/pool-endpoints.ts';
import type { Plan } from '../model/plan.ts';
import { isValid } from '../model/tree.ts';
import type { Accountant } from './account/ledger/accountant.ts';
import type { Closure } from './account/closure/closure.ts';
import { holders } from './account/compute/compute-holder.ts';
import { emitCompute } from './account/compute/compute.ts';
import { waterfall } from './account/compute/waterfall.ts';
import { rowsOf } from './judge/device/device-value.ts';
import type { Instant } from './judge/meter/meter.ts';
import { MeterSource } from './meter-source.ts';
import { emitAchievable, PoolSource } from './pool-source.ts';
import { openMeter, openSamples, type Gateways } from './read/index.ts';
import { Source, type Polled } from './source.ts';

/** Shows what is there now; `mono` tells what is too old to be shown. */
type Show = (emit: Emit, mono: number) => void;

/** What is read on a timetable, and what is shown of it in each cycle. */
export interface Sources {
  readonly polled: readonly Polled[];
  readonly shows: readonly Show[];
  /** Writes down what is waiting to be told: to be called before the last commit. */
  readonly flushes: readonly ((now: Instant) => void)[];
}

/** Opens every meter and pool of the sites that is in its declared life at `at` (Unix ms). */
export function openSources(
  plan: Plan,
  sites: readonly string[],
  { accountant, closure, gateways, at }: { accountant: Accountant; closure: Closure; gateways: Gateways; at: number },
): Sources {
  const polled: Polled[] = [];
  const shows: Show[] = [];
  const flushes: ((now: Instant) => void)[] = [];
  const { meters, pools, clusters, tenants } = plan.estate;
  for (const meter of meters) {
    if (!sites.includes(meter.site) || !isValid(meter, at) || meter.source.protocol === 'calculated') continue;
    const use = new MeterSource(meter, accountant);
    const spec = { site: meter.site, id: meter.id, everyMs: meter.every };
    polled.push(new Source(spec, openMeter(meter, gateways), use));
    flushes.push((now) => use.flush(now));
    shows.push((emit, mono) => use.emit(emit, mono));
  }
  for (const pool of pools) {
    const site = clusters.find(({ id }) => id === pool.cluster)?.site ?? '';
    const accelerator = acceleratorOf(plan, pool);
    if (!sites.includes(site) || !isValid(pool, at) || accelerator === undefined) continue;
    const { id, telemetry } = pool;
    if (telemetry === undefined) {
      // Nothing can be read, but what is declared counts as nominal.
      const declared = waterfall(pool, accelerator, null, holders(tenants));
      shows.push((emit) => {
        emitCompute(emit, { site, pool: id, model: accelerator.id }, declared, null);
        emitAchievable(emit, site, pool, plan);
      });
      continue;
    }
    const use = new PoolSource({ site, pool, plan, accountant, closure });
    for (const endpoint of poolEndpoints(pool)) {
      const reader = openSamples(endpoint.source, new Set(rowsOf(use.family).keys()), gateways);
      polled.push(new Source({ site, id: endpoint.id, everyMs: telemetry.every }, reader, use.use(endpoint)));
    }
    shows.push((emit, mono) => use.emit(emit, mono));
  }
  return { polled, shows, flushes };
}
