import { isDeepStrictEqual } from 'node:util';
import { acceleratorOf } from '../model/accelerator-of.ts';
import { computeClampedSamples } from '../model/metrics/compute.ts';
import type { Emit } from '../model/metrics/metric.ts';
import type { Rejection } from '../model/reasons.ts';
import type { Accelerator } from '../model/schema/accelerators.ts';
import type { Pool } from '../model/schema/estate.ts';
import type { Family } from '../model/schema/telemetry.ts';
import { holders, type HolderOf } from './account/compute/compute-holder.ts';
import { emitCompute } from './account/compute/compute.ts';
import { fleetBeginning, integrateFleet } from './account/compute/fleet-integration.ts';
import { fleetWaterfall } from './account/compute/fleet-waterfall.ts';
import { modelIndex, type Known } from './judge/device/device-model.ts';
import { type FleetJudgement, judgeFleet } from './judge/fleet/fleet-judge.ts';
import type { FleetAnswer } from './judge/fleet/open-fleet.ts';
import type { Instant } from './judge/meter/meter.ts';
import { maxGap } from './judge/meter/power.ts';
import { staleAfter } from './meter-source.ts';
import { emitAchievable, type PoolContext } from './pool-source.ts';
import type { ReadError } from './read/reader.ts';
import type { SourceUse } from './source.ts';

/** A pool that its Prometheus adds up: tens of thousands of chips, of which none is seen one by one. */
export class FleetSource implements SourceUse<FleetAnswer> {
  readonly accelerator: Accelerator;
  readonly family: Family;
  readonly pool: Pool;
  readonly #context: PoolContext;
  readonly #everyMs: number;
  readonly #holderOf: HolderOf;
  readonly #known: Known;
  /** Reasons that are told already: an event when a reason begins, not one in each cycle. */
  #told = new Set<Rejection>();
  #judged: { readonly fleet: FleetJudgement; readonly mono: number } | null = null;
  #work = fleetBeginning;
  #clamped = 0;

  constructor(context: PoolContext) {
    const { pool, plan } = context;
    const family = pool.telemetry && plan.families.get(pool.telemetry.family);
    const accelerator = acceleratorOf(plan, pool);
    if (!pool.telemetry || !family || !accelerator)
      throw new TypeError(`pool ${pool.id}: the declaration was not checked`);
    this.family = family;
    this.accelerator = accelerator;
    this.pool = pool;
    this.#context = context;
    this.#everyMs = pool.telemetry.every;
    this.#holderOf = holders(plan.estate.tenants);
    this.#known = modelIndex(plan.accelerators.values());
  }

  answered(answer: FleetAnswer, { at, mono }: Instant): ReadonlyMap<Rejection, number> {
    const { site, pool, accountant } = this.#context;
    const fleet = judgeFleet(answer, this.family, this.accelerator, this.#known);
    const options = { accelerator: this.accelerator, maxGap: maxGap(this.#everyMs), holderOf: this.#holderOf };
    const { state, credits } = integrateFleet(this.#work, { at: mono, work: fleet.work }, options);
    this.#work = state;
    this.#judged = { fleet, mono };
    this.#clamped += fleet.clamped;
    accountant.credit(credits.map((credit) => ({ ...credit, site, pool: pool.id })));
    for (const [reason, samples] of fleet.rejected) {
      if (this.#told.has(reason)) continue;
      const isModel = reason === 'unknown_model' || reason === 'wrong_model';
      const wire = isModel ? JSON.stringify(Object.fromEntries(fleet.unknownModels)) : '';
      const kind = isModel ? 'unknown_model' : 'device_refused';
      accountant.note(site, pool.id, { kind, detail: { reason, samples }, wire }, at);
    }
    this.#told = new Set(fleet.rejected.keys());
    return fleet.rejected;
  }

  resume(earlier: unknown): void {
    if (!(earlier instanceof FleetSource)) return;
    const as = ({ accelerator, family, pool }: FleetSource): object => ({ accelerator, family, pool });
    if (!isDeepStrictEqual(as(earlier), as(this))) return;
    this.#told = earlier.#told;
    this.#judged = earlier.#judged;
    this.#work = earlier.#work;
    this.#clamped = earlier.#clamped;
  }

  failed({ failure, message }: ReadError, { at }: Instant, first: boolean): void {
    const { site, pool, accountant } = this.#context;
    if (first) accountant.note(site, pool.id, { kind: 'silent', detail: { failure, message }, wire: '' }, at);
  }

  back({ at }: Instant): void {
    const { site, pool, accountant } = this.#context;
    accountant.note(site, pool.id, { kind: 'back', detail: {}, wire: '' }, at);
  }

  emit(emit: Emit, mono: number): void {
    const { site, pool, plan } = this.#context;
    const fresh = this.#judged && mono - this.#judged.mono <= staleAfter(this.#everyMs) ? this.#judged.fleet : null;
    const steps = fleetWaterfall(pool, this.accelerator, fresh, this.#holderOf);
    emitCompute(emit, { site, pool: pool.id, model: this.accelerator.id }, steps, fresh);
    emitAchievable(emit, site, pool, plan);
    emit(computeClampedSamples, { site, pool: pool.id }, this.#clamped);
  }
}
