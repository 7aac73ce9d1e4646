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
  #answer: { readonly rows: readonly Row[]; readonly mono: number } | null = null;

  constructor(site: string, everyMs: number, accountant: Accountant) {
    this.#site = site;
    this.#everyMs = everyMs;
    this.#accountant = accountant;
  }

  /** Two replicas of one exporter, or one that was started again, say the same of one series: the larger counter is the later one. */
  answered(samples: ExpositionSample[], { mono }: Instant): Iterable<readonly [Rejection, number]> {
    const rows = new Map<string, Row>();
    let unnumbered = 0;
    for (const { name, labels, text } of samples) {
      const metric = remoteMetrics.get(name);
      const value = Number(text);
      if (metric === undefined || labels['site'] !== this.#site) continue;
      if (!Number.isFinite(value)) {
        unnumbered += 1;
        continue;
      }
      const own = Object.fromEntries(metric.labels.map((label) => [label, labels[label] ?? '']));
      const key = JSON.stringify([name, own]);
      const before = rows.get(key);
      if (before === undefined || before.value < value) rows.set(key, { metric, labels: own, value });
    }
    this.#answer = { rows: [...rows.values()], mono };
    return unnumbered === 0 ? [] : [['not_a_number', unnumbered]];
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
    for (const { metric, labels, value } of this.#answer.rows) {
      if (isFresh || metric.type === 'counter') emit(metric, labels, value);
    }
  }
}
