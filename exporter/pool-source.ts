import type { Emit } from '../model/metrics/metric.ts';
import { computeClampedSamples } from '../model/metrics/compute.ts';
import { poolEndpoints, type PoolEndpoint } from '../model/pool-endpoints.ts';
import type { Plan } from '../model/plan.ts';
import type { EventKind, Rejection } from '../model/reasons.ts';
import type { Accelerator } from '../model/schema/accelerators.ts';
import type { Pool } from '../model/schema/estate.ts';
import type { Family } from '../model/schema/telemetry.ts';
import type { Accountant } from './account/ledger/accountant.ts';
import type { Closure } from './account/closure/closure.ts';
import { holders, type HolderOf } from './account/compute/compute-holder.ts';
import { emitCompute } from './account/compute/compute.ts';
import { beginning, integrate } from './account/compute/integration.ts';
import { waterfall } from './account/compute/waterfall.ts';
import { FamilyError } from './judge/device/device-family.ts';
import { modelIndex, type Known } from './judge/device/device-model.ts';
import type { JudgedDevices } from './judge/device/device.ts';
import { judgeDevices } from './judge/device/devices.ts';
import type { Instant } from './judge/meter/meter.ts';
import { maxGap } from './judge/meter/power.ts';
import { staleAfter } from './meter-source.ts';
import { ReadError, type ExpositionSample } from './read/reader.ts';
import type { SourceUse } from './source.ts';

const EVENT_OF: Partial<Record<Rejection, EventKind>> = {
  unknown_model: 'unknown_model',
  wrong_model: 'unknown_model',
  stale_timestamp: 'timestamps',
  future_timestamp: 'timestamps',
  impossible_timestamp: 'timestamps',
};

/** The answers of a pool's accelerator exporter: judged, integrated to work done, and kept for the waterfall. */
export class PoolSource implements SourceUse<ExpositionSample[]> {
  readonly #site: string;
  readonly #pool: Pool;
  readonly #accelerator: Accelerator;
  readonly #plan: Plan;
  readonly #family: Family;
  readonly #source: PoolEndpoint['source'];
  readonly #everyMs: number;
  readonly #accountant: Accountant;
  readonly #closure: Closure;
  readonly #holderOf: HolderOf;
  readonly #known: Known;
  /** Reasons that are told already: an event when a reason begins, not one in each cycle. */
  #told = new Set<Rejection>();
  #judged: { devices: JudgedDevices; mono: number } | null = null;
  #work = beginning;
  #clamped = 0;

  constructor(site: string, pool: Pool, plan: Plan, accountant: Accountant, closure: Closure) {
    const { telemetry } = pool;
    const family = telemetry && plan.families.get(telemetry.family);
    const accelerator = plan.accelerators.get(pool.accelerator);
    if (!telemetry || !family || !accelerator) throw new TypeError(`pool ${pool.id}: the declaration was not checked`);
    this.#site = site;
    this.#pool = pool;
    this.#plan = plan;
    this.#family = family;
    this.#accelerator = accelerator;
    this.#source = poolEndpoints(pool)[0]!.source;
    this.#everyMs = telemetry.every;
    this.#accountant = accountant;
    this.#closure = closure;
    this.#holderOf = holders(plan.estate.tenants);
    this.#known = modelIndex(plan.accelerators.values());
  }

  answered(samples: ExpositionSample[], { at, mono }: Instant): ReadonlyMap<Rejection, number> {
    const devices = this.#judge(samples, at);
    this.#judged = { devices, mono };
    this.#clamped += devices.clamped;
    const options = { maxGap: maxGap(this.#everyMs), holderOf: this.#holderOf };
    const { state, credits } = integrate(this.#work, { at: mono, devices: devices.devices }, options);
    this.#work = state;
    this.#accountant.credit(credits.map((credit) => ({ ...credit, site: this.#site, pool: this.#pool.id })));
    this.#tell(devices, at);
    const judgedAs = (accelerator: Accelerator): JudgedDevices => this.#judge(samples, at, accelerator);
    this.#closure.observe({ site: this.#site, pool: this.#pool.id, judged: devices, samples, judgedAs }, { at, mono });
    return devices.rejected;
  }

  #judge(samples: ExpositionSample[], received: number, accelerator = this.#accelerator): JudgedDevices {
    try {
      return judgeDevices(samples, {
        pool: this.#pool,
        family: this.#family,
        families: this.#plan.families.values(),
        accelerator,
        known: this.#known,
        received,
        maxAge: staleAfter(this.#everyMs),
        timestamps: this.#source.timestamps ?? this.#family.timestamps,
      });
    } catch (error) {
      if (error instanceof FamilyError) throw new ReadError('protocol', error.message, { cause: error });
      throw error;
    }
  }

  #tell({ rejected, refusals }: JudgedDevices, at: number): void {
    for (const { reason, what } of refusals) {
      if (this.#told.has(reason)) continue;
      const detail = { reason, samples: rejected.get(reason) ?? 0 };
      this.#accountant.note(
        this.#site,
        this.#pool.id,
        { kind: EVENT_OF[reason] ?? 'device_refused', detail, wire: what },
        at,
      );
    }
    this.#told = new Set(rejected.keys());
  }

  failed({ failure, message }: ReadError, { at }: Instant, first: boolean): void {
    if (first)
      this.#accountant.note(this.#site, this.#pool.id, { kind: 'silent', detail: { failure, message }, wire: '' }, at);
  }

  back({ at }: Instant): void {
    this.#accountant.note(this.#site, this.#pool.id, { kind: 'back', detail: {}, wire: '' }, at);
  }

  emit(emit: Emit, mono: number): void {
    const fresh = this.#judged && mono - this.#judged.mono <= staleAfter(this.#everyMs) ? this.#judged.devices : null;
    const labels = { site: this.#site, pool: this.#pool.id };
    const steps = waterfall(this.#pool, this.#accelerator, fresh, this.#holderOf);
    emitCompute(emit, { ...labels, model: this.#accelerator.id }, steps, fresh);
    if (this.#clamped > 0) emit(computeClampedSamples, labels, this.#clamped);
  }
}
