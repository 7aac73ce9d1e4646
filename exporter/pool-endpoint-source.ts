import { cardStates } from '../model/card-states.ts';
import type { PoolEndpoint } from '../model/pool-endpoints.ts';
import type { EventKind, Rejection } from '../model/reasons.ts';
import type { Accelerator } from '../model/schema/accelerators.ts';
import { cardEnergy, noCards } from './account/compute/card-energy.ts';
import { DeliveredMean } from './account/compute/delivered-mean.ts';
import { waterfall } from './account/compute/waterfall.ts';
import { beginning, integrate } from './account/compute/integration.ts';
import { FamilyError } from './judge/device/device-family.ts';
import type { JudgedDevices } from './judge/device/device.ts';
import { judgeDevices } from './judge/device/devices.ts';
import type { Instant } from './judge/meter/meter.ts';
import { maxGap } from './judge/meter/power.ts';
import { staleAfter } from './meter-source.ts';
import type { PoolSource } from './pool-source.ts';
import { ReadError, type ExpositionSample } from './read/reader.ts';
import type { SourceUse } from './source.ts';

const EVENT_OF: Partial<Record<Rejection, EventKind>> = {
  unknown_model: 'unknown_model',
  wrong_model: 'unknown_model',
  stale_timestamp: 'timestamps',
  future_timestamp: 'timestamps',
  impossible_timestamp: 'timestamps',
};

interface Answer {
  readonly judged: JudgedDevices;
  readonly samples: readonly ExpositionSample[];
  readonly mono: number;
  /** The same answer judged for another row of the catalogue. */
  judgedAs(accelerator: Accelerator): JudgedDevices;
}

/** The answers of one exporter of a pool: judged, integrated to work and energy, and kept for the waterfall. */
export class PoolEndpointSource implements SourceUse<ExpositionSample[]> {
  readonly #pool: PoolSource;
  readonly #endpoint: PoolEndpoint;
  /** Reasons that are told already: an event when a reason begins, not one in each cycle. */
  #told = new Set<Rejection>();
  #answer: Answer | null = null;
  #mean = new DeliveredMean();
  #work = beginning;
  #cards = noCards;
  #clamped = 0;

  constructor(pool: PoolSource, endpoint: PoolEndpoint) {
    this.#pool = pool;
    this.#endpoint = endpoint;
  }

  /** The last one, however old. */
  get answer(): Answer | null {
    return this.#answer;
  }

  get mean(): DeliveredMean {
    return this.#mean;
  }

  /** Activity figures that were cut down to 1 since the start */
  get clamped(): number {
    return this.#clamped;
  }

  answered(samples: ExpositionSample[], now: Instant): ReadonlyMap<Rejection, number> {
    const { accelerator } = this.#pool;
    const judged = this.#judge(samples, now, accelerator);
    const judgedAs = (other: Accelerator): JudgedDevices => this.#judge(samples, now, other);
    this.#answer = { judged, samples, mono: now.mono, judgedAs };
    this.#clamped += judged.clamped;
    this.#book(judged, now.mono);
    this.#tell(judged, now.at);
    this.#pool.answered(this, now);
    return judged.rejected;
  }

  #book(judged: JudgedDevices, mono: number): void {
    const { devices } = judged;
    const { context, everyMs, holderOf } = this.#pool;
    const labels = { site: context.site, pool: context.pool.id };
    const options = { maxGap: maxGap(everyMs), holderOf };
    const { state, credits } = integrate(this.#work, { at: mono, devices }, options);
    this.#work = state;
    context.accountant.credit(credits.map((credit) => ({ ...credit, ...labels })));
    const { telemetry } = waterfall(context.pool, this.#pool.accelerator, judged, holderOf);
    // No tier: nobody says how active what is allocated is.
    this.#mean.add(mono, telemetry?.delivered.size ? telemetry.delivered : null, options.maxGap);
    const drawn = cardEnergy(this.#cards, { at: mono, devices }, options.maxGap);
    this.#cards = drawn.state;
    if (devices.every(({ powerW }) => powerW === null)) return;
    const { millijoules } = drawn;
    context.accountant.draw(cardStates.map((name) => ({ ...labels, state: name, millijoules: millijoules[name] })));
  }

  /** Devices of several endpoints are told apart by the node, because some exporters count cards from 0 on each. */
  #judge(
    samples: readonly ExpositionSample[],
    { at: received, mono }: Instant,
    accelerator: Accelerator,
  ): JudgedDevices {
    const { context, family, everyMs, known } = this.#pool;
    const { id, node, source } = this.#endpoint;
    try {
      const judged = judgeDevices(samples, {
        pool: context.pool,
        family,
        families: context.plan.families.values(),
        accelerator,
        known,
        received,
        maxAge: staleAfter(everyMs),
        timestamps: source.timestamps ?? family.timestamps,
      });
      const prefix = id === context.pool.id ? '' : `${node}/`;
      const own =
        node === null
          ? judged.devices
          : judged.devices.map((one) => ({ ...one, id: `${prefix}${one.id}`, node: one.node ?? node }));
      return { ...judged, devices: context.holdings?.hold(own, accelerator, mono) ?? own };
    } catch (error) {
      if (error instanceof FamilyError) throw new ReadError('protocol', error.message, { cause: error });
      throw error;
    }
  }

  #tell({ rejected, refusals }: JudgedDevices, at: number): void {
    for (const { reason, what } of refusals) {
      if (this.#told.has(reason)) continue;
      const detail = { reason, samples: rejected.get(reason) ?? 0 };
      this.#note({ kind: EVENT_OF[reason] ?? 'device_refused', detail, wire: what }, at);
    }
    this.#told = new Set(rejected.keys());
  }

  resume(earlier: unknown): void {
    if (!(earlier instanceof PoolEndpointSource) || !earlier.#pool.isAs(this.#pool)) return;
    this.#told = earlier.#told;
    this.#answer = earlier.#answer;
    this.#work = earlier.#work;
    this.#cards = earlier.#cards;
    this.#clamped = earlier.#clamped;
    this.#mean = earlier.#mean;
  }

  failed({ failure, message }: ReadError, { at }: Instant, first: boolean): void {
    if (first) this.#note({ kind: 'silent', detail: { failure, message }, wire: '' }, at);
  }

  back({ at }: Instant): void {
    this.#note({ kind: 'back', detail: {}, wire: '' }, at);
  }

  #note(event: { kind: EventKind; detail: Record<string, string | number>; wire: string }, at: number): void {
    const { accountant, site } = this.#pool.context;
    accountant.note(site, this.#endpoint.id, event, at);
  }
}
