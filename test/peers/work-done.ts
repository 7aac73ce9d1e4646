import assert from 'node:assert/strict';
import { EVERY_MS } from './estate.ts';
import type { Run } from './run.ts';

/** One tenant's work in one pool between the first and the last scrape, PFlop-seconds. */
export interface Work {
  readonly tenant: string;
  /** By tier; only tiers that grew. */
  readonly counted: Readonly<Record<string, number>>;
  /** The twin's truth between the same answers of the pool's exporter. */
  readonly executed: number;
  /** Sum of the jumps of the tenant's speed, PFlops: one interval may count by the speed on the wrong side of an edge. */
  readonly edges: number;
  /** Cards of the pool that jobs held x seconds */
  readonly deviceSeconds: number;
  /** Dense peak of one card, PFlops */
  readonly peak: number;
}

const pool = (run: Run, id: string, at: number) => {
  const truth = run.truth(at).pools[id];
  assert.ok(truth, `the twin knows no pool ${id}`);
  return truth;
};
const tenantAt = (run: Run, id: string, tenant: string, at: number) => pool(run, id, at).pflop_seconds[tenant] ?? 0;

/** What a pool executed between two instants (Unix ms), all tenants together. */
export const executed = (run: Run, id: string, from: number, to: number): number =>
  Object.keys(pool(run, id, to).pflop_seconds).reduce(
    (sum, tenant) => sum + tenantAt(run, id, tenant, to) - tenantAt(run, id, tenant, from),
    0,
  );

/** Counted and true work of each tenant that either side knows. */
export async function workOf(run: Run, id: string): Promise<Work[]> {
  const [series, [success]] = await Promise.all([
    run.samples(`greenflops_compute_pflop_seconds_total{pool="${id}"}`),
    run.samples(`greenflops_source_last_success_timestamp_seconds{source="${id}"}`),
  ]);
  const scrapes = success?.points ?? [];
  const [[first, from] = [Number.NaN, ''], [last, to] = [Number.NaN, '']] = [scrapes[0], scrapes.at(-1)];
  const answered = { from: Math.round(1000 * Number(from)), to: Math.round(1000 * Number(to)) };
  const seconds = (answered.to - answered.from) / 1000;
  assert.ok(seconds > 0.8 * ((run.to - run.from) / 1000), `${id}: answers of ${seconds} s`);

  const grid = Array.from({ length: Math.ceil(seconds) + 1 }, (_, index) => answered.from + index * EVERY_MS);
  const held = Math.max(...grid.map((at) => pool(run, id, at).allocated_devices));
  const { nominal_pflops: nominal, devices, pflop_seconds: tenants } = pool(run, id, answered.to);

  return [...new Set([...Object.keys(tenants), ...series.flatMap(({ labels }) => labels['tenant'] ?? [])])].map(
    (tenant) => {
      const counted: Record<string, number> = {};
      for (const { labels, points } of series.filter((one) => one.labels['tenant'] === tenant)) {
        const value = new Map(points);
        const grown = Number(value.get(last)) - Number(value.get(first) ?? 0); // a series begins at 0
        if (grown > 0) counted[labels['tier'] ?? ''] = grown;
      }
      const speeds = grid.map((at) => tenantAt(run, id, tenant, at + EVERY_MS) - tenantAt(run, id, tenant, at));
      return {
        tenant,
        counted,
        executed: tenantAt(run, id, tenant, answered.to) - tenantAt(run, id, tenant, answered.from),
        edges: speeds.reduce((sum, speed, index) => sum + Math.abs(speed - (speeds[index - 1] ?? speed)), 0),
        deviceSeconds: held * seconds,
        peak: nominal / devices,
      };
    },
  );
}
