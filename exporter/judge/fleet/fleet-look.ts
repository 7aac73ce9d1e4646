import type { Rejection } from '../../../model/reasons.ts';
import { equal, matcher, oneOf, selector } from '../../read/prometheus/promql.ts';
import { ReadError } from '../../read/reader.ts';
import { type Ask, type Count, inTurn, sum, those } from './fleet-ask.ts';
import { identityOf } from './fleet-identity.ts';
import { fleetPods } from './fleet-pods.ts';
import { refusedOf } from './fleet-refused.ts';
import { type FleetFacts, type FleetScope, unknownFacts } from './fleet-scope.ts';
import { FleetSeries } from './fleet-series.ts';
import { activities, clockOf, odd } from './fleet-work.ts';

export interface FleetLook {
  readonly facts: FleetFacts;
  /** Samples that are not believed, by reason; those of other models are counted by device in each answer */
  readonly rejected: ReadonlyMap<Rejection, number>;
}

/**
 * Asks what the fleet's series look like, so that what does not occur costs nothing in each cycle: no join for a label that
 * every sample has, none for slices where all cards are whole.
 * @throws ReadError 'empty' where no metric of the family has a sample
 */
export async function lookAt(scope: FleetScope, ask: Ask): Promise<FleetLook> {
  const { family, rows, matchers } = scope;
  const count = async (promql: string): Promise<number> => Number((await ask(`count(${promql})`))[0]?.text ?? 0);
  const all = (metric: string, conditions: readonly string[] = []): string => {
    const meant = Object.entries(rows.get(metric)?.labels ?? {}).map(([label, values]) =>
      matcher(label, '=~', oneOf(values)),
    );
    return selector([metric], [...equal(matchers), ...meant, ...conditions]);
  };
  const counts = new Map<string, number>();
  for (const metric of rows.keys()) {
    const samples = await count(all(metric));
    if (samples > 0) counts.set(metric, samples);
  }
  const present = [...counts.keys()];
  if (present.length === 0)
    throw new ReadError(
      'empty',
      `no sample of family ${family.id} (${[...rows.keys()].join(', ')}) with ${JSON.stringify(matchers)}`,
    );
  const { ids, lacking } = await identityOf(family.identity, sum([...counts.values()]), async (conditions) =>
    sum(await inTurn(present, (metric) => count(all(metric, conditions)))),
  );
  const { pod, namespace } = await fleetPods(scope, present, count);

  let facts: FleetFacts = { ...unknownFacts, present, ids, pod, namespace };
  const series = (): FleetSeries => new FleetSeries(scope, facts);
  const is = (quantity: string) => (metric: string) => rows.get(metric)?.quantity === quantity;
  const best = present.find(is('activity')) ?? present[0] ?? '';
  const slicing = family.slice ? [family.slice.label, family.slice.profile] : [];
  const said = [...ids, ...slicing, ...[pod, namespace].filter((label) => label !== null), ...family.model].join(',');
  const shown = (metric: string): string => `group by (${said}) (${series().raw(metric)})`;
  const rest = present.filter((metric) => metric !== best);
  const more = await those(rest, count, (metric) => `${shown(metric)} unless on (${said}) ${shown(best)}`);
  facts = { ...facts, references: [best, ...more] };
  facts = { ...facts, names: await namesOf(series(), count) };
  if (family.slice) {
    const { label, profile } = family.slice;
    const slices = await ask(
      `count by (${profile}) (${series().tuples([...ids, label, profile].join(','), [matcher(label, '!=', '')])})`,
    );
    facts = { ...facts, profiles: slices.map(({ labels }) => labels[profile] ?? '') };
  }
  const judged = present.filter((metric) => !is('info')(metric));
  const merged = judged.filter((metric) => !is('health')(metric) && !is('energy')(metric));
  const varied = (metric: string): string => `stdvar by (${series().key}) (${series().valid(metric)}) > 0`;
  facts = { ...facts, conflicts: new Set(await those(merged, count, varied)) };
  if (pod !== null && namespace !== null) {
    const alone = [
      [pod, namespace],
      [namespace, pod],
    ] as const;
    const lonely = await inTurn(alone, ([one, other]) =>
      count(series().anyTuples(ids.join(','), [matcher(one, '!=', ''), matcher(other, '=', '')])),
    );
    const held = series().anyTuples([...ids, namespace].join(','));
    const several = await count(`count by (${ids.join(',')}) (${held}) > 1`);
    facts = { ...facts, paired: sum(lonely) + several === 0 };
  }
  if (pod !== null) {
    const holders = series().tuples([series().key, namespace, pod].filter(Boolean).join(','), [matcher(pod, '!=', '')]);
    facts = { ...facts, shared: (await count(`count by (${series().key}) (${holders}) > 1`)) > 0 };
  }
  const signals = present.filter(is('activity'));
  if (series().sliced) facts = await oddSlices(scope, facts, signals, count);
  const parts = activities(series(), signals).map((one) => one.parts);
  facts = { ...facts, activity: await those(signals, count, (_, index) => parts[index] ?? '') };
  const clock = clockOf(series());
  if (clock !== null) {
    const working = activities(series());
    const having = (operator: 'and' | 'unless') =>
      those(facts.activity, count, (_, index) => `${working[index]?.parts} ${operator} on (${series().id}) ${clock}`);
    facts = { ...facts, clocked: new Set(await having('and')), clockless: new Set(await having('unless')) };
  }
  facts = { ...facts, alive: await aliveOf(series(), judged, count) };
  const rejected = await refusedOf(series(), judged, count);
  if (lacking > 0) rejected.set('no_identity', lacking);
  return { facts, rejected };
}

/** What is odd about slices, each found by what was found before. */
async function oddSlices(
  scope: FleetScope,
  facts: FleetFacts,
  signals: readonly string[],
  count: Count,
): Promise<FleetFacts> {
  const unclear = (await count(odd.unclear(new FleetSeries(scope, facts)))) > 0;
  const clear = { ...facts, oddities: { ...facts.oddities, unclear } };
  const overfull = (await count(odd.overfull(new FleetSeries(scope, clear)))) > 0;
  const filled = { ...clear, oddities: { ...clear.oddities, overfull } };
  const series = new FleetSeries(scope, filled);
  const holes = new Set(await those(signals, count, (metric) => odd.holes(series, metric)));
  return { ...filled, oddities: { ...filled.oddities, holes } };
}

async function namesOf(series: FleetSeries, count: Count): Promise<FleetFacts['names']> {
  const { family, accelerator } = series.scope;
  if (family.model.length === 0) return { unnamed: true, others: false };
  const known = `(?i:${oneOf(accelerator.reported_as)})`;
  const nameless = series.anyTuples(
    series.id,
    family.model.map((label) => matcher(label, '=', '')),
  );
  const others = family.model.map((label, index) =>
    series.anyTuples(series.id, [
      ...family.model.slice(0, index).map((earlier) => matcher(earlier, '=', '')),
      matcher(label, '!=', ''),
      matcher(label, '!~', known),
    ]),
  );
  return { unnamed: (await count(nameless)) > 0, others: (await count(others.join(' or '))) > 0 };
}

/** As few metrics as show every living device. */
async function aliveOf(series: FleetSeries, metrics: readonly string[], count: Count): Promise<string[]> {
  const living = (metric: string): string => `group by (${series.id}) (${series.valid(metric)})`;
  const [first, ...rest] = metrics;
  if (first === undefined) return [];
  const alive = [first];
  for (const metric of rest) {
    const known = alive.map(living).join(' or ');
    if ((await count(`${living(metric)} unless on (${series.id}) (${known})`)) > 0) alive.push(metric);
  }
  return alive;
}
