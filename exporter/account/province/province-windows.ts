import type { Emit, Sample } from '../../../model/metrics/metric.ts';
import {
  provincePueEnergyJoules,
  provincePueRatio,
  provincePueSite,
  pueEnergyJoules,
  pueRatio,
  pueUnavailable,
  pueWindowEnd,
  pueWindowSeconds,
} from '../../../model/metrics/pue.ts';

/** What a site says of one of its windows. */
interface Said {
  seconds?: number;
  end?: number;
  facility?: number;
  it?: number;
  reason?: string;
  kind?: string;
  category?: string;
  edition?: string;
}

/**
 * The province's PUE from what the sites publish: the sums of numerators and of denominators, divided. Only windows that
 * are as long as the longest and end at the same hour, that of most IT energy, are of the same hours: at an hour's turn,
 * or where one site's clock is wrong, the others stay. Why a site is not in is told.
 * @param sites ids of all sites of the province: one that says nothing of a window is `silent` in it
 */
export function provinceWindows(sites: readonly string[], samples: readonly Sample[], emit: Emit): void {
  for (const [window, said] of windowsOf(samples)) {
    const known = [...said].filter(
      ([, one]) => one.reason === undefined && one.facility !== undefined && one.it !== undefined,
    );
    const longest = Math.max(...known.map(([, { seconds }]) => seconds ?? 0));
    const end = endOfMost(known.flatMap(([, one]) => (one.seconds === longest ? [one] : [])));
    const stateOf = (site: string): string => {
      const one = said.get(site);
      if (one === undefined) return 'silent';
      if (one.reason !== undefined) return one.reason;
      if (one.facility === undefined || one.it === undefined) return 'silent';
      if (one.seconds !== longest) return 'shorter_window';
      return one.end === end ? 'included' : 'other_hours';
    };
    const states = sites.map((site) => [site, stateOf(site)] as const);
    for (const [site, state] of states) emit(provincePueSite, { site, window, state }, 1);
    const included = states.flatMap(([site, state]) => (state === 'included' ? (said.get(site) ?? []) : []));
    const [first] = included;
    if (first === undefined) continue;
    const sum = (side: 'facility' | 'it'): number => included.reduce((total, one) => total + (one[side] ?? 0), 0);
    const joules = { facility: sum('facility'), it: sum('it') };
    for (const side of ['facility', 'it'] as const) emit(provincePueEnergyJoules, { window, side }, joules[side]);
    const { kind = 'interim', edition = '' } = first;
    const categories = included.map(({ category = 'unstated' }) => category);
    const category = categories.includes('unstated') ? 'unstated' : (categories.toSorted()[0] ?? 'unstated');
    if (joules.it > 0) emit(provincePueRatio, { window, kind, category, edition }, joules.facility / joules.it);
  }
}

/** The hour at which the windows of most IT energy end; the later one of two. */
function endOfMost(known: readonly Said[]): number | undefined {
  const byEnd = [...Map.groupBy(known, ({ end }) => end)].map(([end, ones]) => {
    return { end, it: ones.reduce((sum, one) => sum + (one.it ?? 0), 0) };
  });
  return byEnd.toSorted((a, b) => b.it - a.it || (b.end ?? 0) - (a.end ?? 0))[0]?.end;
}

/** Window -> site -> what it says. */
function windowsOf(samples: readonly Sample[]): Map<string, Map<string, Said>> {
  const windows = new Map<string, Map<string, Said>>();
  const of = ({ site = '', window = '' }: Sample['labels']): Said => {
    const sites = windows.get(window) ?? new Map<string, Said>();
    const said = sites.get(site) ?? {};
    windows.set(window, sites.set(site, said));
    return said;
  };
  for (const { metric, labels, value } of samples) {
    const number = typeof value === 'number' ? value : Number(value.units) / 10 ** value.digits;
    if (metric === pueWindowSeconds) of(labels).seconds = number;
    else if (metric === pueWindowEnd) of(labels).end = number;
    else if (metric === pueEnergyJoules) of(labels)[labels['side'] === 'it' ? 'it' : 'facility'] = number;
    else if (metric === pueUnavailable) of(labels).reason = labels['reason'] ?? '';
    else if (metric === pueRatio) {
      const { kind, category, edition } = labels;
      Object.assign(of(labels), { kind, category, edition });
    }
  }
  return windows;
}
