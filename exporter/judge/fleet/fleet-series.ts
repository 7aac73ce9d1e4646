import { equal, matcher, oneOf, selector } from '../../read/prometheus/promql.ts';
import type { Row } from '../device/device-value.ts';
import type { FleetFacts, FleetScope } from './fleet-scope.ts';

/** PromQL for the parts of a fleet's series that can be believed: the same judgements that single devices get. */
export class FleetSeries {
  readonly scope: FleetScope;
  readonly facts: FleetFacts;
  /** Labels of a device, as PromQL lists them */
  readonly id: string;
  /** Labels of a slice, or of a device where there are no slices */
  readonly key: string;
  readonly sliced: boolean;

  constructor(scope: FleetScope, facts: FleetFacts) {
    this.scope = scope;
    this.facts = facts;
    this.sliced = facts.profiles.length > 0;
    this.id = facts.ids.join(',');
    this.key = (this.sliced ? [...facts.ids, scope.family.slice?.label ?? ''] : facts.ids).join(',');
  }

  /** One metric's samples that say whose they are and that the row means. */
  raw(metric: string, conditions: readonly string[] = []): string {
    return this.#rawOf([metric], this.scope.rows.get(metric)?.labels ?? {}, conditions);
  }

  #rawOf(metrics: readonly string[], labels: Row['labels'], conditions: readonly string[]): string {
    const { matchers } = this.scope;
    const meant = Object.entries(labels).map(([label, values]) => matcher(label, '=~', oneOf(values)));
    const named = this.facts.ids.map((label) => matcher(label, '!=', ''));
    return selector(metrics, [...equal(matchers), ...meant, ...named, ...conditions]);
  }

  /** Samples in base units that are believable readings of devices of the declared model. */
  valid(metric: string, conditions: readonly string[] = []): string {
    const { rows, limits, family } = this.scope;
    const row = rows.get(metric);
    if (!row) throw new TypeError(`${metric} is in no row of family ${family.id}`);
    const [lowest, highest] = limits[row.quantity];
    const blanks = [...family.sentinels, ...row.sentinels].filter(
      (blank) => blank * row.factor >= lowest && blank * row.factor <= highest,
    );
    const read = [this.raw(metric, [...conditions, ...this.#modelFilter()]), ...blanks.map((blank) => `!= ${blank}`)];
    const scaled = row.factor === 1 ? read.join(' ') : `(${read.join(' ')}) * ${row.factor}`;
    const from = lowest === -Infinity ? '> -Inf' : `>= ${lowest}`;
    const to = highest === Infinity ? '< +Inf' : `<= ${highest}`;
    return this.own(`(${scaled} ${from} ${to})`);
  }

  /** One value a slice (or device); of two different ones none. */
  perSlice(metric: string, conditions: readonly string[] = []): string {
    const valid = this.valid(metric, conditions);
    const value = `max by (${this.key}) (${valid})`;
    if (!this.facts.conflicts.has(metric)) return value;
    return `(${value} unless on (${this.key}) (stdvar by (${this.key}) (${valid}) > 0))`;
  }

  /** One value a device: of slices the largest. */
  once(metric: string): string {
    return this.sliced ? `max by (${this.id}) (${this.perSlice(metric)})` : this.perSlice(metric);
  }

  /** Each combination of these labels that is there, with value 1; of devices of the declared model. */
  tuples(labels: string, conditions: readonly string[] = []): string {
    return this.own(this.anyTuples(labels, [...conditions, ...this.#modelFilter()]));
  }

  /** As `tuples`, of devices of whatever model. */
  anyTuples(labels: string, conditions: readonly string[] = []): string {
    const { rows } = this.scope;
    // Metrics whose rows mean the same labels are asked for at once.
    const alike = Map.groupBy(this.facts.references, (metric) => JSON.stringify(rows.get(metric)?.labels ?? {}));
    const all = [...alike.values()].map((metrics) => {
      const meant = rows.get(metrics[0] ?? '')?.labels ?? {};
      return `group by (${labels}) (${this.#rawOf(metrics, meant, conditions)})`;
    });
    return all.length === 1 ? (all[0] ?? '') : `(${all.join(' or ')})`;
  }

  /** Without devices that name another model, or none where the family's row asks for one. */
  own(series: string): string {
    const { family } = this.scope;
    const { names } = this.facts;
    const demand = !this.#filters && names.unnamed && family.unnamed === 'refuse';
    const of = (kind: 'own' | 'other'): string =>
      this.#modelConditions(kind)
        .map((conditions) => this.anyTuples(this.id, conditions))
        .join(' or ') || 'vector(0) > 0';
    const kept = demand ? `(${series} and on (${this.id}) (${of('own')}))` : series;
    return names.others ? `(${kept} unless on (${this.id}) (${of('other')}))` : kept;
  }

  /** One label that every sample has says it sample by sample, which needs no join. */
  get #filters(): boolean {
    return this.scope.family.model.length === 1 && !this.facts.names.unnamed;
  }

  #modelFilter(): string[] {
    return this.#filters ? (this.#modelConditions('own')[0] ?? []) : [];
  }

  /** For each model label that may be the first non-empty one, the conditions by which it names the model, or another. */
  #modelConditions(kind: 'own' | 'other'): string[][] {
    const { family, accelerator } = this.scope;
    const known = `(?i:${oneOf(accelerator.reported_as)})`;
    return family.model.map((label, index) => [
      ...family.model.slice(0, index).map((earlier) => matcher(earlier, '=', '')),
      ...(kind === 'own' ? [matcher(label, '=~', known)] : [matcher(label, '!=', ''), matcher(label, '!~', known)]),
    ]);
  }
}
