import { catalogue } from '../model/metrics/index.ts';
import type { Emit, Metric } from '../model/metrics/metric.ts';
import type { Rejection } from '../model/reasons.ts';
import type { Accountant } from './account/ledger/accountant.ts';
import type { Instant } from './judge/meter/meter.ts';
import { staleAfter } from './meter-source.ts';
import type { ExpositionSample, ReadError } from './read/reader.ts';
import type { SourceUse } from './source.ts';

/** Labels of what a province has no need of: it takes sums, and the site keeps what they were made of. */
const DETAIL = new Set(['meter', 'device', 'source', 'hall']);

/** What a province takes from a site's Prometheus: every sum of the catalogue that says whose it is. Names come from the own declaration. */
export const remoteMetrics: ReadonlyMap<string, Metric> = new Map(
  catalogue
    .filter(({ name, labels }) => {
      const ofSite = labels.includes('site') && !labels.some((label) => DETAIL.has(label));
      return ofSite && !name.endsWith('_info') && !name.startsWith('greenflops_province_');
    })
    .map((metric) => [metric.name, metric]),
);

interface Row {
  readonly metric: Metric;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A site whose sums are taken from its own Prometheus: read as a whole, shown as a whole, and silent when it is. */
export class RemoteSite implements SourceUse<ExpositionSample[]> {
  readonly #site: string;
  readonly #everyMs: number;
  readonly #accountant: Accountant;
  #answer: { readonly rows: ReadonlyMap<string, Row>; readonly mono: number } | null = null;
  /** Copies of the site's series by the labels that are not theirs, the one in use first */
  #preferred: readonly string[] = [];

  constructor(site: string, everyMs: number, accountant: Accountant) {
    this.#site = site;
    this.#everyMs = everyMs;
    this.#accountant = accountant;
  }

  /**
   * A Prometheus may hold the site's series several times: scraped by two jobs, or by a pair of servers. One copy is taken,
   * the same one as long as it is there and for all series, as sums of two copies are of different moments. A counter that
   * falls stands still instead: increase() would take the fall for a reset.
   */
  answered(samples: ExpositionSample[], { mono }: Instant): Iterable<readonly [Rejection, number]> {
    const rejected = new Map<Rejection, number>();
    const reject = (reason: Rejection): void => void rejected.set(reason, (rejected.get(reason) ?? 0) + 1);
    const copies = new Map<string, Map<string, Row>>();
    for (const { name, labels, text } of samples) {
      const metric = remoteMetrics.get(name);
      if (metric === undefined || labels['site'] !== this.#site) continue;
      const value = Number(text);
      if (!Number.isFinite(value)) {
        reject('not_a_number');
        continue;
      }
      const own = Object.fromEntries(metric.labels.map((label) => [label, labels[label] ?? '']));
      const rest = Object.entries(labels).filter(([label]) => !metric.labels.includes(label));
      const copy = JSON.stringify(rest.toSorted(([a], [b]) => (a < b ? -1 : 1)));
      const rows = copies.get(copy) ?? new Map<string, Row>();
      copies.set(copy, rows.set(JSON.stringify([name, own]), { metric, labels: own, value }));
    }
    const order = [...copies.keys()].toSorted((a, b) => this.#rank(a) - this.#rank(b) || (a < b ? -1 : 1));
    this.#preferred = order;
    const rows = new Map<string, Row>();
    for (const copy of order) for (const [key, row] of copies.get(copy) ?? []) if (!rows.has(key)) rows.set(key, row);
    for (const [key, row] of rows) {
      const before = this.#answer?.rows.get(key)?.value;
      if (row.metric.type !== 'counter' || before === undefined || row.value >= before) continue;
      reject('counter_fell');
      rows.set(key, { ...row, value: before });
    }
    this.#answer = { rows, mono };
    return rejected;
  }

  /** Copies that were used before go first, in their order. */
  #rank(copy: string): number {
    const at = this.#preferred.indexOf(copy);
    return at === -1 ? this.#preferred.length : at;
  }

  resume(earlier: unknown): void {
    if (!(earlier instanceof RemoteSite)) return;
    this.#answer = earlier.#answer;
    this.#preferred = earlier.#preferred;
  }

  failed({ failure, message }: ReadError, { at }: Instant, first: boolean): void {
    const event = { kind: 'silent', detail: { failure, message }, wire: '' } as const;
    if (first) this.#accountant.note(this.#site, 'prometheus', event, at);
  }

  back({ at }: Instant): void {
    this.#accountant.note(this.#site, 'prometheus', { kind: 'back', detail: {}, wire: '' }, at);
  }

  /** A counter stands still while the site is silent; a gauge that is too old is left out. */
  emit(emit: Emit, mono: number): void {
    if (this.#answer === null) return;
    const isFresh = mono - this.#answer.mono <= staleAfter(this.#everyMs);
    for (const { metric, labels, value } of this.#answer.rows.values()) {
      if (isFresh || metric.type === 'counter') emit(metric, labels, value);
    }
  }
}
