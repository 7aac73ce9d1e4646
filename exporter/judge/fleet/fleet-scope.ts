import type { Accelerator } from '../../../model/schema/accelerators.ts';
import type { Pool } from '../../../model/schema/estate.ts';
import type { Family } from '../../../model/schema/telemetry.ts';
import { type Limits, type Row, limitsOf, rowsOf } from '../device/device-value.ts';

/** What a fleet is asked about: the declaration's side of it. */
export interface FleetScope {
  readonly pool: Pool;
  readonly family: Family;
  readonly accelerator: Accelerator;
  /** Labels that choose the pool's series */
  readonly matchers: Readonly<Record<string, string>>;
  /** ms between two answers */
  readonly every: number;
  readonly rows: ReadonlyMap<string, Row>;
  readonly limits: Limits;
}

export const fleetScope = (
  pool: Pool,
  family: Family,
  accelerator: Accelerator,
  matchers: Readonly<Record<string, string>>,
): FleetScope => ({
  pool,
  family,
  accelerator,
  matchers,
  every: pool.telemetry?.every ?? 15_000,
  rows: rowsOf(family),
  limits: limitsOf(accelerator),
});

/** What the series at hand look like: asked for once in a while, because it changes with deployments alone. */
export interface FleetFacts {
  /** Metrics of the family's rows that have samples, in the order of the rows */
  readonly present: readonly string[];
  /** Labels that name a device: one combination for all samples, as on the way of single devices */
  readonly ids: readonly string[];
  readonly pod: string | null;
  readonly namespace: string | null;
  /** Metrics that show all there is of devices, slices, pods and model names; usually one alone does */
  readonly references: readonly string[];
  /** Which kinds of model names devices have */
  readonly names: { readonly unnamed: boolean; readonly others: boolean };
  /** Profiles of slices that are there; none: all devices are whole */
  readonly profiles: readonly string[];
  /** Slices that bear two profiles; devices whose slices are more than one device; metrics that leave a slice out */
  readonly oddities: { readonly unclear: boolean; readonly overfull: boolean; readonly holes: ReadonlySet<string> };
  /** Metrics that say two different values of one device or slice */
  readonly conflicts: ReadonlySet<string>;
  /** Whether several pods hold one card or slice */
  readonly shared: boolean;
  /** Activity metrics that are the best signal of some device, best first */
  readonly activity: readonly string[];
  /** Activity metrics of which some device has no clock, or has one */
  readonly clockless: ReadonlySet<string>;
  readonly clocked: ReadonlySet<string>;
  /** Whether samples name a pod exactly where they name a namespace, and all of one device the same one */
  readonly paired: boolean;
  /** Metrics by which devices are alive, where no metric is about health */
  readonly alive: readonly string[];
}

/** Nothing is known yet. */
export const unknownFacts: FleetFacts = {
  present: [],
  ids: [],
  pod: null,
  namespace: null,
  references: [],
  names: { unnamed: false, others: false },
  profiles: [],
  oddities: { unclear: false, overfull: false, holes: new Set() },
  conflicts: new Set(),
  shared: false,
  activity: [],
  clockless: new Set(),
  clocked: new Set(),
  paired: false,
  alive: [],
};
