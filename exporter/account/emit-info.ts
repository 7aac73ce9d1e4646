import type { Emit } from '../../model/metrics/metric.ts';
import { actionInfo, maintenance, meterInfo, poolInfo, siteInfo, targetInfo } from '../../model/metrics/info.ts';
import type { Plan } from '../../model/plan.ts';
import type { Text } from '../../model/text.ts';
import { sideOf } from '../../model/tree.ts';

const names = (id: string, name: Text | undefined) => ({ name_zh: name?.zh ?? id, name_en: name?.en ?? id });

/** Names and attributes of what is declared: the only way for Chinese names to reach a board. */
export function emitInfo(plan: Plan, sites: readonly string[], at: number, emit: Emit): void {
  const { estate, promise } = plan;
  for (const { id, name, demo, profile, grid } of estate.sites) {
    if (!sites.includes(id)) continue;
    emit(siteInfo, { site: id, ...names(id, name), demo: String(demo), profile, grid }, 1);
    if (estate.maintenance.some(({ site, from, to }) => site === id && from <= at && at < to))
      emit(maintenance, { site: id }, 1);
  }
  for (const { id, name, cluster, accelerator } of estate.pools) {
    const site = estate.clusters.find((one) => one.id === cluster)?.site ?? '';
    const vendor = plan.accelerators.get(accelerator)?.vendor ?? '';
    if (sites.includes(site)) emit(poolInfo, { site, pool: id, ...names(id, name), model: accelerator, vendor }, 1);
  }
  for (const meter of estate.meters) {
    const { id, name, site, direction, category, serial = '' } = meter;
    const labels = { direction, side: sideOf(estate, meter, at), category: String(category ?? ''), serial };
    if (sites.includes(site)) emit(meterInfo, { site, meter: id, ...names(id, name), ...labels }, 1);
  }
  for (const { id, name, category } of promise.actions) {
    emit(actionInfo, { action: id, ...names(id, name === 'unverified' ? undefined : name), category }, 1);
  }
  for (const { id, name, comparator, unit } of promise.targets) {
    emit(targetInfo, { target: id, ...names(id, name), comparator, target_unit: unit }, 1);
  }
}
