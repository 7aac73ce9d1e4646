import type { Emit, Metric, Sample } from '../model/metrics/metric.ts';
import { emitInfo } from './account/emit-info.ts';
import { planProgress } from './account/plan-progress.ts';
import { provincePflops } from './account/province/province-compute.ts';
import { provinceWindows } from './account/province/province-windows.ts';
import { tenantQuotas } from './account/tenant-quotas.ts';
import type { Works } from './works.ts';

interface Cycle {
  readonly works: Works;
  readonly sites: readonly string[];
  /** Sites whose sums come from their own Prometheus */
  readonly remote?: readonly string[];
  /** What the last commit made true */
  readonly committed: readonly Sample[];
  /** Unix ms */
  readonly now: number;
  readonly mono: number;
}

const isProvince = ({ name }: Metric): boolean => name.startsWith('greenflops_province_');

/** All that one cycle says of the sites: what is committed, what was read, and what follows from both. */
export function emitCycle(emit: Emit, { works, sites, remote = [], committed, now, mono }: Cycle): void {
  // A province that has sites elsewhere is counted from what all of them publish.
  const own = remote.length === 0 ? committed : committed.filter(({ metric }) => !isProvince(metric));
  for (const { metric, labels, value } of own) emit(metric, labels, value);
  for (const source of works.polled) source.emit(emit);
  const read: Sample[] = [];
  for (const show of works.shows) {
    show((metric, labels, value) => {
      read.push({ metric, labels, value });
      emit(metric, labels, value);
    }, mono);
  }
  const { plan } = works;
  const all = [...sites, ...remote];
  planProgress(plan, read, now, emit);
  if (remote.length > 0) provinceWindows(all, [...own, ...read], emit);
  if (all.length > 1) provincePflops(plan, read, now, emit);
  tenantQuotas(plan, sites, now, emit);
  emitInfo(plan, all, now, emit);
}
