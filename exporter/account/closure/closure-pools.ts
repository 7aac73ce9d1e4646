import { acceleratorOf } from '../../../model/accelerator-of.ts';
import type { Plan } from '../../../model/plan.ts';
import type { Accelerator } from '../../../model/schema/accelerators.ts';
import type { Pool } from '../../../model/schema/estate.ts';
import { isValid } from '../../../model/tree.ts';
import type { JudgedDevices } from '../../judge/device/device.ts';
import type { Instant } from '../../judge/meter/meter.ts';
import { maxGap } from '../../judge/meter/power.ts';
import type { ExpositionSample } from '../../read/reader.ts';
import { cardsById, placesOf, RepeatedPower } from './closure-cards.ts';
import type { PoolLook } from './closure-pool.ts';
import { PowerHours } from './closure-power.ts';
import { METERED_SHARE } from '../ledger/meter-account.ts';

/** One answer of a pool's exporter. */
export interface PoolAnswer {
  readonly site: string;
  readonly pool: string;
  readonly judged: JudgedDevices;
  readonly samples: readonly ExpositionSample[];
  /** The same answer judged for another row of the catalogue. */
  readonly judgedAs: (accelerator: Accelerator) => JudgedDevices;
}

interface Kept {
  readonly site: string;
  readonly pool: Pool;
  readonly accelerator: Accelerator;
  readonly power: PowerHours;
  readonly repeated: RepeatedPower;
}

/** What the accelerators of each pool draw, and what tells how many cards they are. */
export class ClosurePools {
  readonly #pools = new Map<string, Kept>();

  constructor(plan: Plan) {
    const { estate } = plan;
    const siteOf = new Map(estate.clusters.map(({ id, site }) => [id, site]));
    for (const pool of estate.pools) {
      const accelerator = acceleratorOf(plan, pool);
      const site = siteOf.get(pool.cluster);
      if (accelerator === undefined || site === undefined) continue;
      this.#pools.set(pool.id, { site, pool, accelerator, power: new PowerHours(), repeated: new RepeatedPower() });
    }
  }

  /** @returns what the answer shows, null where it has no device */
  observe({ pool: id, judged, samples, judgedAs }: PoolAnswer, now: Instant): PoolLook | null {
    const kept = this.#pools.get(id);
    const { devices } = judged;
    if (kept?.pool.telemetry === undefined || devices.length === 0) return null;
    const { pool, accelerator, power, repeated } = kept;
    const powers = devices.map(({ powerW }) => powerW);
    // A sum with a hole would be too low.
    const isWhole = judged.unknownModels.size === 0 && !powers.includes(null);
    power.observe(isWhole ? sum(powers) : null, now, maxGap(kept.pool.telemetry.every));

    const isSurplus = devices.length > pool.count * accelerator.dies_per_package;
    if (isSurplus) repeated.observe(devices);
    else repeated.forget();
    const signs = isSurplus ? [placesOf(samples), cardsById(devices), repeated.cards] : [];
    const told = signs.filter((cards) => cards !== null);
    // Milliwatts read as watts are refused as impossible: without a limit they show.
    const isRefused = judged.rejected.has('above_range') && accelerator.tdp_w !== null;
    return {
      accelerator,
      count: pool.count,
      devices: isRefused ? judgedAs({ ...accelerator, tdp_w: null }).devices : devices,
      cards: told.length === 0 ? null : Math.min(...told),
    };
  }

  /** Mean watts of all accelerators of a site in the hour that begins at `hour`; null where a pool is not known for 95 % of it. */
  watts(site: string, hour: number): number | null {
    const pools = [...this.#pools.values()].filter((kept) => kept.site === site && isValid(kept.pool, hour));
    const watts = pools.map(({ power }) => power.mean(hour, METERED_SHARE));
    return pools.length === 0 || watts.includes(null) ? null : sum(watts);
  }
}

const sum = (values: readonly (number | null)[]): number =>
  values.reduce<number>((total, one) => total + (one ?? 0), 0);
