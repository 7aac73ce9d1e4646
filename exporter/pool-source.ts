import { isDeepStrictEqual } from 'node:util';
import { acceleratorOf, achievableTflops } from '../model/accelerator-of.ts';
import type { Emit } from '../model/metrics/metric.ts';
import { computeAchievable, computeClampedSamples, deviceActivity, devicePower } from '../model/metrics/compute.ts';
import type { Plan } from '../model/plan.ts';
import type { PoolEndpoint } from '../model/pool-endpoints.ts';
import type { Accelerator } from '../model/schema/accelerators.ts';
import type { Pool } from '../model/schema/estate.ts';
import type { Family } from '../model/schema/telemetry.ts';
import type { Accountant } from './account/ledger/accountant.ts';
import type { Closure } from './account/closure/closure.ts';
import { holders, type HolderOf } from './account/compute/compute-holder.ts';
import { emitCompute } from './account/compute/compute.ts';
import { waterfall, type Waterfall } from './account/compute/waterfall.ts';
import { type Device, type JudgedDevices, PRECISION, type Tier } from './judge/device/device.ts';
import { modelIndex, type Known } from './judge/device/device-model.ts';
import { merged } from './judge/device/device-union.ts';
import type { Instant } from './judge/meter/meter.ts';
import { staleAfter } from './meter-source.ts';
import { PoolEndpointSource } from './pool-endpoint-source.ts';

/** Fills in which pod holds which cards, where the cluster knows and the exporter does not say. */
export interface Holdings {
  hold(devices: readonly Device[], accelerator: Accelerator, mono: number): readonly Device[];
}

export interface PoolContext {
  readonly site: string;
  readonly pool: Pool;
  readonly plan: Plan;
  readonly accountant: Accountant;
  readonly closure: Closure;
  /** @default what the exporter's labels say */
  readonly holdings?: Holdings;
}

/** A pool of accelerators: its endpoints' answers make one waterfall. */
export class PoolSource {
  readonly context: PoolContext;
  readonly accelerator: Accelerator;
  readonly family: Family;
  readonly everyMs: number;
  readonly holderOf: HolderOf;
  readonly known: Known;
  readonly #endpoints: PoolEndpointSource[] = [];
  /** Endpoints that have answered since the pool was last looked at as a whole */
  readonly #answered = new Set<PoolEndpointSource>();

  constructor(context: PoolContext) {
    const { pool, plan } = context;
    const { telemetry } = pool;
    const family = telemetry && plan.families.get(telemetry.family);
    const accelerator = acceleratorOf(plan, pool);
    if (!telemetry || !family || !accelerator) throw new TypeError(`pool ${pool.id}: the declaration was not checked`);
    this.context = context;
    this.family = family;
    this.accelerator = accelerator;
    this.everyMs = telemetry.every;
    this.holderOf = holders(plan.estate.tenants);
    this.known = modelIndex(plan.accelerators.values());
  }

  /** Whether another one's devices are judged and credited in the same way. */
  isAs({ context: { pool }, accelerator, family }: PoolSource): boolean {
    const own = { pool: this.context.pool, accelerator: this.accelerator, family: this.family };
    return isDeepStrictEqual(own, { pool, accelerator, family });
  }

  /** What becomes of the answers of one endpoint. */
  use(endpoint: PoolEndpoint): PoolEndpointSource {
    const source = new PoolEndpointSource(this, endpoint);
    this.#endpoints.push(source);
    return source;
  }

  /** An endpoint has answered. Whether a pool's energy closes is asked once all of them have. */
  answered(source: PoolEndpointSource, now: Instant): void {
    this.#answered.add(source);
    if (this.#answered.size < this.#endpoints.length) return;
    this.#answered.clear();
    const { site, pool, closure } = this.context;
    const parts = this.#endpoints.flatMap((one) => one.answer ?? []);
    const judgedAs = (accelerator: Accelerator): JudgedDevices =>
      merged(parts.map((part) => part.judgedAs(accelerator)));
    const judged = merged(parts.map((part) => part.judged));
    const samples = parts.flatMap((part) => part.samples);
    closure.observe({ site, pool: pool.id, judged, samples, judgedAs }, now);
  }

  emit(emit: Emit, mono: number): void {
    const { site, pool, plan } = this.context;
    const fresh = this.#endpoints.filter(({ answer }) => answer && mono - answer.mono <= staleAfter(this.everyMs));
    const judged = fresh.length === 0 ? null : merged(fresh.flatMap(({ answer }) => answer?.judged ?? []));
    const labels = { site, pool: pool.id };
    const steps = waterfall(pool, this.accelerator, judged, this.holderOf);
    emitCompute(emit, { ...labels, model: this.accelerator.id }, overTime(steps, fresh), judged);
    emitAchievable(emit, site, pool, plan);
    const clamped = this.#endpoints.reduce((sum, one) => sum + one.clamped, 0);
    emit(computeClampedSamples, labels, clamped);
    if (!pool.telemetry?.per_device) return;
    for (const { id: device, activity, tier, powerW } of judged?.devices ?? []) {
      if (activity !== null && tier !== null) emit(deviceActivity, { ...labels, device, tier }, activity);
      if (powerW !== null) emit(devicePower, { ...labels, device }, powerW);
    }
  }
}

/** The rate of work as its mean over time, where two answers in a row are there to take one. */
function overTime(steps: Waterfall, endpoints: readonly PoolEndpointSource[]): Waterfall {
  const means = endpoints.map(({ mean }) => mean.pflops());
  if (steps.telemetry === null || means.includes(null)) return steps;
  const delivered = new Map<Tier, number>([...steps.telemetry.delivered.keys()].map((tier) => [tier, 0]));
  for (const mean of means) {
    for (const [tier, pflops] of mean ?? []) delivered.set(tier, (delivered.get(tier) ?? 0) + pflops);
  }
  return { ...steps, telemetry: { ...steps.telemetry, delivered } };
}

/** What a pool was seen to reach at best, beside its nominal figure. */
export function emitAchievable(emit: Emit, site: string, pool: Pool, plan: Plan): void {
  const achievable = achievableTflops(plan, pool, PRECISION);
  if (achievable === null) return;
  const { tflops, basis } = achievable;
  emit(computeAchievable, { site, pool: pool.id, precision: PRECISION, basis }, (pool.count * tflops) / 1000);
}
