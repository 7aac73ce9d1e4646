import { accelerators, type Accelerator } from '../accelerators.ts';
import type { PoolEntry, TenantEntry } from '../estate.ts';
import { linear, type Flow } from './flow.ts';
import { hex, random } from './random.ts';
import { scheduleOf, type Job, type Schedule } from './schedule.ts';
import { integral, slotAt, steps, type Steps } from './steps.ts';

const devicesPerNode = 8;
/** A server's own power beside its accelerators (processors, memory, fans), idle and at full load. */
const server = { idle_w: 900, span_w: 1100 };

export interface Device {
  /** 0-based within the pool, and within its node. */
  readonly index: number;
  readonly slot: number;
  /** 40 hexadecimal digits of its own. */
  readonly serial: string;
  /** Idle power and the span to full load; no two cards of a kind draw quite the same. */
  readonly idle_w: number;
  readonly span_w: number;
}
export interface Node {
  readonly name: string;
  readonly devices: readonly Device[];
  readonly schedule: Schedule;
  readonly load: Steps;
  /** Operations per second by tenant, in PFlop/s. */
  readonly work: ReadonlyMap<string, Steps>;
  /** Input power of the whole server. */
  readonly input: Flow;
}
export interface Pool {
  readonly id: string;
  readonly site: string;
  readonly accelerator: Accelerator;
  readonly nodes: readonly Node[];
}

/** PFlop/s that one device executes during a job: tensor activity x clock over reference clock x dense peak. */
export function deviceSpeed(job: Job | null, { tflops, clock_ref_mhz }: Accelerator): number {
  if (job === null) return 0;
  return (job.tensor * (clock_ref_mhz === null ? 1 : job.clock_mhz / clock_ref_mhz) * tflops) / 1000;
}

export const jobAt = ({ schedule }: Node, ms: number): Job | null => schedule.jobs[slotAt(schedule.starts, ms)] ?? null;

/** Builds a pool's servers. @throws Error for an accelerator that the twin's own table does not have */
export function poolOf(seed: number, entry: PoolEntry, tenants: readonly TenantEntry[]): Pool {
  const accelerator = Object.hasOwn(accelerators, entry.accelerator) ? accelerators[entry.accelerator] : undefined;
  if (accelerator === undefined)
    throw new Error(
      `pool ${entry.id}: the twin has no accelerator ${entry.accelerator}, only ${Object.keys(accelerators).join(', ')}`,
    );
  const nodes = Array.from({ length: Math.ceil(entry.count / devicesPerNode) }, (_, node) => {
    const first = node * devicesPerNode;
    const count = Math.min(devicesPerNode, entry.count - first);
    return nodeOf(seed, `${entry.id}-${String(node + 1).padStart(3, '0')}`, accelerator, first, count, tenants);
  });
  return { id: entry.id, site: entry.site, accelerator, nodes };
}

function nodeOf(
  seed: number,
  name: string,
  accelerator: Accelerator,
  first: number,
  count: number,
  tenants: readonly TenantEntry[],
): Node {
  const namespaces = tenants.flatMap(({ id, namespaces: own }) => own.map((namespace) => [id, namespace] as const));
  const schedule = scheduleOf(seed, name, accelerator, namespaces);
  const next = random(seed, 'devices', name);
  const devices = Array.from({ length: count }, (_, slot) => ({
    index: first + slot,
    slot,
    serial: hex(next, 40),
    idle_w: accelerator.idle_w * (0.95 + 0.05 * next()),
    span_w: (accelerator.tdp_w - accelerator.idle_w) * (0.95 + 0.05 * next()),
  }));
  const ratesOf = (rate: (job: Job | null) => number) => steps(schedule.starts, Float64Array.from(schedule.jobs, rate));
  const load = ratesOf((job) => job?.load ?? 0);
  const owners = new Set(schedule.jobs.flatMap((job) => job?.tenant ?? []));
  return {
    name,
    devices,
    schedule,
    load,
    work: new Map(
      [...owners].map((tenant) => [
        tenant,
        ratesOf((job) => (job?.tenant === tenant ? count * deviceSpeed(job, accelerator) : 0)),
      ]),
    ),
    input: linear(
      load,
      server.idle_w + devices.reduce((total, device) => total + device.idle_w, 0),
      server.span_w + devices.reduce((total, device) => total + device.span_w, 0),
    ),
  };
}

export const deviceWatts = ({ idle_w, span_w }: Device, job: Job | null): number => idle_w + span_w * (job?.load ?? 0);

/** Energy of one device since the epoch. */
export const deviceJoules = ({ load }: Node, { idle_w, span_w }: Device, ms: number): number =>
  (idle_w * ms) / 1000 + span_w * integral(load, ms);
