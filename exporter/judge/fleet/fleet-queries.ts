import { matcher } from '../../read/prometheus/promql.ts';
import type { Tier } from '../device/device.ts';
import type { FleetFacts, FleetScope } from './fleet-scope.ts';
import { FleetSeries } from './fleet-series.ts';
import { activities, tiersOf, units } from './fleet-work.ts';

/** Below it a card does housekeeping, not work: as in the waterfall. */
const BUSY_ACTIVITY = 0.01;

/** One question to the server, and what its answer is about. */
export interface FleetQuery {
  readonly about:
    | 'devices'
    | 'healthy'
    | 'allocated_devices'
    | 'allocated'
    | 'allocated_share'
    | 'busy_devices'
    | 'busy_share'
    | 'held_work'
    | 'work'
    | 'split_work'
    | 'clamped'
    | 'power'
    | 'models';
  /** Of work: activity x clock ratio, in devices */
  readonly tier?: Tier;
  readonly promql: string;
}

/** How often an answer's window is looked at: exporters are scraped every 15 s or more seldom. */
const LOOK_MS = 15_000;
const MOST_LOOKS = 4;

/**
 * The mean of an expression over one interval. A sum that is absent at some instant counts as 0 there: no work is credited
 * that was not seen. The window's left edge is left out by Prometheus 3 and taken in by older ones: 1 ms less makes it one.
 */
export function meanOver(every: number, expression: string): string {
  const most = Math.min(MOST_LOOKS, Math.floor(every / LOOK_MS));
  const looks = Array.from({ length: most }, (_, less) => most - less).find((count) => every % count === 0) ?? 1;
  return looks === 1 ? expression : `sum_over_time((${expression})[${every - 1}ms:${every / looks}ms]) / ${looks}`;
}

/** All that is asked in each cycle. Each answer has a row for each namespace at most, however many devices there are. */
export function fleetQueries(scope: FleetScope, facts: FleetFacts): FleetQuery[] {
  const series = new FleetSeries(scope, facts);
  const { power, model } = scope.family;
  const queries: FleetQuery[] = [
    { about: 'devices', promql: `count(${series.tuples(series.id)})` },
    { about: 'healthy', promql: `count(${healthyOf(series)})` },
  ];
  // Where all are of the declared model, another one is seen at the next look, and counts for nothing until then.
  if (facts.names.others || facts.names.unnamed)
    queries.push({ about: 'models', promql: `count by (${model.join(',')}) (${modelsOf(series)})` });
  if (power && facts.present.includes(power.metric))
    queries.push({ about: 'power', promql: `sum(${series.once(power.metric)})` });
  return [...queries, ...(plainQueries(series) ?? heldQueries(series))];
}

/**
 * The same sums without joins, where each sample of one metric tells all about a whole card and its one pod: as a rule
 * with DCGM. null: it is not so.
 */
function plainQueries(series: FleetSeries): FleetQuery[] | null {
  const { scope, facts, id } = series;
  const { references, activity, alive, pod, namespace } = facts;
  const [metric = ''] = references;
  const alone = [references, activity, alive].every((list) => list.length === 1 && list[0] === metric);
  if (!alone || series.sliced || facts.shared || facts.conflicts.has(metric) || saysHealth(series)) return null;
  if (pod === null || namespace === null || !facts.paired) return null;
  const held = series.valid(metric, [matcher(pod, '!=', '')]);
  const value = `max by (${id},${namespace}) (${series.valid(metric)})`;
  const signal = scope.rows.get(metric)?.signal ?? 'reported';
  return [
    { about: 'allocated', promql: `count by (${namespace}) (group by (${id},${namespace}) (${held}))` },
    { about: 'busy_devices', promql: `count(max by (${id}) (${held}) > ${BUSY_ACTIVITY})` },
    { about: 'clamped', promql: `count(max by (${id}) (${series.valid(metric)}) > 1)` },
    ...tiersOf(series, { signal, metric }).map(({ tier, clocked }): FleetQuery => {
      const work = `sum by (${namespace}) (${clocked(`clamp_max(${value}, 1)`)})`;
      return { about: 'split_work', tier, promql: meanOver(scope.every, work) };
    }),
  ];
}

function heldQueries(series: FleetSeries): FleetQuery[] {
  const { scope, facts, id, key, sliced } = series;
  const held = holdingsOf(series);
  const whose = facts.namespace === null ? [] : [facts.namespace];
  const by = `by (${whose.join(',')})`;
  const simple = !sliced && !facts.shared;
  const queries: FleetQuery[] = [];
  if (held) {
    const perDevice = [...facts.ids, ...whose].join(',');
    queries.push({ about: 'allocated', promql: `count ${by} (group by (${perDevice}) (${held.parts}))` });
    if (!simple) {
      queries.push({ about: 'allocated_devices', promql: `count(group by (${id}) (${held.parts}))` });
      queries.push({ about: 'allocated_share', promql: `sum ${by} (${held.parts})` });
    }
  }
  for (const { parts, spread, above, signal, metric } of activities(series)) {
    queries.push({ about: 'clamped', promql: `count(${above})` });
    if (held) {
      const active = simple ? spread : `(${spread} / on (${key}) ${units(series)})`;
      const holding = held.healthy === null ? '' : ` and on (${id}) ${held.healthy}`;
      const busy = `((${active} > ${BUSY_ACTIVITY}) and on (${key}) ${held.weights}${holding})`;
      queries.push({ about: 'busy_devices', promql: `count(group by (${id}) (${busy}))` });
      if (!simple) queries.push({ about: 'busy_share', promql: `sum(${units(series)} and on (${key}) ${busy})` });
    }
    for (const { tier, clocked } of tiersOf(series, { signal, metric })) {
      queries.push({ about: 'work', tier, promql: meanOver(scope.every, `sum(${clocked(parts)})`) });
      if (!held) continue;
      const work = `${held.weights} * on (${key}) group_left () ${spread}`;
      const healthy = held.healthy === null ? work : `((${work}) and on (${id}) ${held.healthy})`;
      queries.push({ about: 'held_work', tier, promql: meanOver(scope.every, `sum ${by} (${clocked(healthy)})`) });
    }
  }
  return queries;
}

const saysHealth = ({ scope, facts }: FleetSeries): boolean =>
  scope.family.health !== undefined && facts.present.includes(scope.family.health.metric);

/** Devices that may be believed to work: said so, or alive where nothing speaks of health. */
function healthyOf(series: FleetSeries): string {
  const { scope, facts, id } = series;
  const { health } = scope.family;
  if (!health || !facts.present.includes(health.metric)) {
    const alive = facts.alive.map((metric) => `group by (${id}) (${series.valid(metric)})`);
    return `(${alive.join(' or ')})`;
  }
  const said = series.valid(health.metric);
  const well = health.healthy.map((value) => `(${said} == ${value})`).join(' or ');
  const ill = health.healthy.map((value) => `!= ${value}`).join(' ');
  return `(group by (${id}) (${well}) unless on (${id}) (${said} ${ill}))`;
}

interface Holdings {
  /** By slice and namespace: the pods' part of the slice, 0-1 */
  readonly weights: string;
  /** By slice and namespace: their part of the device; of healthy devices */
  readonly parts: string;
  /** null: whoever has a believable activity is healthy */
  readonly healthy: string | null;
}

/** What pods hold; several pods on one card or slice count equally. null: no sample names a pod. */
function holdingsOf(series: FleetSeries): Holdings | null {
  const { facts, id, key } = series;
  if (facts.pod === null) return null;
  const whose = [key, ...(facts.namespace === null ? [] : [facts.namespace])].join(',');
  const isHeld = [matcher(facts.pod, '!=', '')];
  const pods = series.tuples(`${whose},${facts.pod}`, isHeld);
  const each = facts.shared
    ? `(count by (${whose}) (${pods}) / on (${key}) group_left () count by (${key}) (${pods}))`
    : series.tuples(whose, isHeld);
  const healthy = healthyOf(series);
  const part = series.sliced ? `(${each} * on (${key}) group_left () ${units(series)})` : each;
  return {
    weights: each,
    parts: `(${part} and on (${id}) ${healthy})`,
    healthy: saysHealth(series) ? healthy : null,
  };
}

/** Each device with each name that it bears; those that bear none at all by one row without a name. */
function modelsOf(series: FleetSeries): string {
  const { family } = series.scope;
  const labels = [...series.facts.ids, ...family.model].join(',');
  if (family.model.length === 0) return series.anyTuples(labels);
  const named = family.model.map((label) => series.anyTuples(labels, [matcher(label, '!=', '')])).join(' or ');
  return `(${named} or (${series.anyTuples(series.id)} unless on (${series.id}) (${named})))`;
}
