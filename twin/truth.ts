import type { FaultBoard } from './faults/board.ts';
import { energyStep } from './meters.ts';
import type { Centre } from './physics/centre.ts';
import { deviceSpeed, jobAt, type Pool } from './physics/pool.ts';
import { integral } from './physics/steps.ts';
import { sinceEpoch } from './physics/time.ts';
import { shift, type Meter } from './serve/reading.ts';

/** What is so at one instant, whatever the devices say. Energies and PFlop-seconds count from 2025-01-01 +08:00. */
export interface Truth {
  /** Unix ms. */
  readonly at: number;
  readonly sites: Readonly<Record<string, SiteTruth>>;
  readonly meters: Readonly<Record<string, MeterTruth>>;
  readonly pools: Readonly<Record<string, PoolTruth>>;
}
export interface SiteTruth {
  /** Import and own generation at the boundary. */
  readonly facility_j: number;
  /** The topmost IT meters. */
  readonly it_j: number;
  readonly facility_w: number;
  readonly it_w: number;
}
export interface MeterTruth {
  readonly joules: number;
  readonly watts: number;
  /** Resolution of the meter's energy register at its level; null: the twin plays no device for this meter. */
  readonly step_j: number | null;
  /** Kinds of the faults that last at this instant. */
  readonly faults: readonly string[];
}
export interface PoolTruth {
  readonly devices: number;
  readonly nominal_pflops: number;
  /** Devices that a job holds. */
  readonly allocated_devices: number;
  readonly delivered_pflops: number;
  readonly pflop_seconds: Readonly<Record<string, number>>;
}

/** @throws RangeError outside the years that the twin knows */
export function truthAt(centre: Centre, meters: readonly Meter[], board: FaultBoard, at: number): Truth {
  const ms = sinceEpoch(at);
  const played = new Map(meters.map((meter) => [meter.id, meter]));
  const begun = (target: string) => board.of(target).filter(({ start }) => start <= at);
  const lasting = (target: string) => begun(target).flatMap(({ kind, end }) => (end === null || at < end ? kind : []));
  return {
    at,
    sites: mapped(centre.sites, (_, { facility, it }) => ({
      facility_j: facility.joules(ms),
      it_j: it.joules(ms),
      facility_w: facility.watts(ms),
      it_w: it.watts(ms),
    })),
    meters: mapped(centre.meters, (id, flow) => {
      const meter = played.get(id);
      const joules = flow.joules(ms);
      return {
        joules,
        watts: flow.watts(ms),
        step_j: meter ? energyStep(meter.model, Math.max(0, joules + shift(meter, begun(id)))) : null,
        faults: lasting(id),
      };
    }),
    pools: mapped(centre.pools, (_, pool) => poolAt(pool, centre.tenants, ms)),
  };
}

function poolAt({ accelerator, nodes }: Pool, tenants: readonly string[], ms: number): PoolTruth {
  const devices = nodes.reduce((total, node) => total + node.devices.length, 0);
  const busy = nodes.map((node) => ({ devices: node.devices.length, job: jobAt(node, ms) }));
  const pflop_seconds = new Map(tenants.map((tenant) => [tenant, 0]));
  for (const node of nodes)
    for (const [tenant, work] of node.work)
      pflop_seconds.set(tenant, (pflop_seconds.get(tenant) ?? 0) + integral(work, ms));
  return {
    devices,
    nominal_pflops: (devices * accelerator.tflops) / 1000,
    allocated_devices: busy.reduce((total, node) => total + (node.job ? node.devices : 0), 0),
    delivered_pflops: busy.reduce((total, node) => total + node.devices * deviceSpeed(node.job, accelerator), 0),
    pflop_seconds: Object.fromEntries(pflop_seconds),
  };
}

function mapped<T, U>(map: ReadonlyMap<string, T>, of: (id: string, value: T) => U): Record<string, U> {
  return Object.fromEntries([...map].map(([id, value]) => [id, of(id, value)]));
}
