import type { Emit } from '../../model/metrics/metric.ts';
import { provincePueEnergyJoules, provincePueRatio, provincePueSite } from '../../model/metrics/pue.ts';
import type { PueScope } from './pue-sites.ts';
import type { PueResult } from './pue.ts';
import { sideNames } from './sides.ts';

/** A site's window, and whose it is. */
export interface SiteWindow {
  readonly scope: PueScope;
  readonly result: PueResult;
}

/**
 * The province's PUE over one window: the sums of the energies of sites, divided. Sites count where they have a PUE over
 * the very same hours; the others are named with the reason. The hours are those of the longest window that any site has.
 */
export function emitProvince(emit: Emit, sites: readonly SiteWindow[]): void {
  const known = sites.filter(({ result }) => result.reason === null);
  const from = Math.min(...known.map(({ result }) => result.span?.from ?? Infinity));
  const [counted, others] = [
    known.filter(({ result }) => result.span?.from === from),
    known.filter(({ result }) => result.span?.from !== from),
  ];
  for (const { scope, result } of sites) {
    const { window } = result;
    const state = result.reason ?? (others.some((one) => one.scope === scope) ? 'shorter_window' : 'included');
    emit(provincePueSite, { site: scope.site, window, state }, 1);
  }
  const first = counted[0];
  if (first === undefined) return;
  const { window, kind } = first.result;
  const total = (side: (typeof sideNames)[number]): bigint =>
    counted.reduce((sum, { result }) => sum + (result.sum?.millijoules[side] ?? 0n), 0n);
  for (const side of sideNames) emit(provincePueEnergyJoules, { window, side }, { units: total(side), digits: 3 });
  const categories = counted.map(({ scope }) => scope.category);
  const category = categories.includes('unstated') ? 'unstated' : (categories.toSorted()[0] ?? 'unstated');
  emit(
    provincePueRatio,
    { window, kind, category, edition: first.scope.edition },
    Number(total('facility')) / Number(total('it')),
  );
}
