import type { Fixed, Metric } from '../../../model/metrics/metric.ts';
import { LabelValues, labelFault } from './label-values.ts';
import { headText, seriesText, valueText } from './sample-text.ts';
import { SeriesTable } from './series-table.ts';
import type { Slices } from './slices.ts';

/** A sample that cannot be published: it names the metric, its labels and what is wrong with them. */
export class SampleError extends Error {
  override name = 'SampleError';
  /** Full name of the metric. */
  readonly metric: string;
  /** What is wrong, in the same words for every sample of which it is wrong. */
  readonly reason: string;

  constructor(metric: string, reason: string, message: string) {
    super(message);
    this.metric = metric;
    this.reason = reason;
  }
}

type Labels = Readonly<Record<string, string>>;

/** Where the label text of each series stands in the last body; length 0: it was never rendered. */
interface LabelTexts {
  readonly body: Buffer;
  readonly starts: Uint32Array;
  readonly lengths: Uint32Array;
}

/** Characters of a label value in an error: enough to find the device. */
const VALUE_SHOWN = 100;
const shortened = (value: string): string =>
  typeof value === 'string' && value.length > VALUE_SHOWN ? `${value.slice(0, VALUE_SHOWN).toWellFormed()}…` : value;

const NOTHING: LabelTexts = { body: Buffer.alloc(0), starts: new Uint32Array(0), lengths: new Uint32Array(0) };
/** Room for a double ("-1.2345678901234567e-300") and the line's end; a longer total makes the body grow. */
const VALUE_ROOM = 25;
/** Lines between two looks at the clock: about 0.1 ms of work. */
const LINES_PER_LOOK = 256;

/**
 * The series of one metric. The body that was rendered last is also the cache: the text of a known series is copied
 * from there, so it is built once in the series' life and kept once.
 */
export class Family {
  readonly metric: Metric;
  readonly heads: { readonly text: Buffer; readonly openmetrics: Buffer };
  readonly #values: LabelValues;
  readonly #tuple: Uint32Array;
  /** The label values whose ids stand in the tuple: neighbours share most of them, and a comparison is cheaper than a look-up. */
  readonly #texts: (string | undefined)[] = [];
  #table: SeriesTable;
  /** This cycle's values by slot; NaN, which cannot be published, where the series is absent. */
  #numbers = new Float64Array(0);
  /** Exact totals by slot; their place among the numbers only says that they are there. */
  readonly #totals = new Map<number, Fixed>();
  #emitted = 0;
  #last = NOTHING;

  constructor(metric: Metric, values: LabelValues) {
    this.metric = metric;
    const head = { ...metric, help: metric.help.en };
    this.heads = { text: Buffer.from(headText(head, 'text')), openmetrics: Buffer.from(headText(head, 'openmetrics')) };
    this.#values = values;
    this.#tuple = new Uint32Array(metric.labels.length);
    this.#table = new SeriesTable(metric.labels.length);
  }

  /** Forgets the values of a cycle; the series stay known. */
  begin(): void {
    this.#numbers = new Float64Array(this.#table.size).fill(NaN);
    this.#totals.clear();
    this.#emitted = 0;
    this.#texts.length = 0; // ids may have been given back since
  }

  /** Samples of this cycle. */
  get emitted(): number {
    return this.#emitted;
  }

  /**
   * Takes the value of one series. Returns false where the series is new and new ones are not admitted.
   * Throws a SampleError for a value that is no finite number, a counter below 0, wrong labels and a repeated series.
   */
  set(labels: Labels, value: number | Fixed, admitNew: boolean): boolean {
    const number = typeof value === 'number' ? value : Number(value.units);
    if (!Number.isFinite(number)) this.#refuse(labels, `is ${number}: what is unknown must not be emitted at all`);
    if (number < 0 && this.metric.type === 'counter') this.#refuse(labels, 'is a counter below 0');
    const slot = this.#slot(labels) ?? (admitNew ? this.#add(labels) : null);
    if (slot === null) return false;
    if (this.#has(slot)) this.#refuse(labels, 'was emitted twice in one cycle');
    if (slot >= this.#numbers.length) this.#widen();
    this.#numbers[slot] = number;
    if (typeof value !== 'number') this.#totals.set(slot, value);
    this.#emitted++;
    return true;
  }

  /** The lines of this cycle's samples, the series in the order in which they first appeared. */
  async render(slices: Pick<Slices, 'breathe'>): Promise<Buffer> {
    const { size } = this.#table;
    const starts = new Uint32Array(size);
    const lengths = new Uint32Array(size);
    let body = Buffer.allocUnsafeSlow(this.#last.body.length + size * VALUE_ROOM);
    let at = 0;
    for (let slot = 0; slot < size; slot++) {
      if (slot % LINES_PER_LOOK === 0) await slices.breathe();
      if (!this.#has(slot)) continue;
      const known = this.#last.lengths[slot] ?? 0;
      const fresh = known === 0 ? this.#seriesText(slot) : '';
      const length = known || Buffer.byteLength(fresh);
      const digits = valueText(this.#totals.get(slot) ?? this.#numbers[slot] ?? NaN);
      const end = at + length + digits.length + 1;
      if (end > body.length) body = Buffer.concat([body.subarray(0, at)], end * 2);
      if (known === 0) body.write(fresh, at);
      else this.#last.body.copy(body, at, this.#last.starts[slot] ?? 0, (this.#last.starts[slot] ?? 0) + known);
      starts[slot] = at;
      lengths[slot] = length;
      body.write(digits, at + length, 'latin1');
      body[end - 1] = 0x0a;
      at = end;
    }
    this.#last = { body: body.subarray(0, at), starts, lengths };
    if (this.#emitted < size) this.#dropAbsent();
    this.#numbers = new Float64Array(0);
    this.#totals.clear();
    return this.#last.body;
  }

  #has(slot: number): boolean {
    return slot < this.#numbers.length && !Number.isNaN(this.#numbers[slot]);
  }

  #widen(): void {
    const wider = new Float64Array(Math.max(8, this.#numbers.length * 2)).fill(NaN);
    wider.set(this.#numbers);
    this.#numbers = wider;
  }

  #slot(labels: Labels): number | null {
    const names = this.metric.labels;
    let given = 0;
    for (const _ in labels) given++;
    if (given !== names.length)
      this.#refuse(labels, `must have the labels ${names.join(', ') || '(none)'} and no other`);
    for (let i = 0; i < names.length; i++) {
      const text = labels[names[i] ?? ''];
      if (text !== undefined && text === this.#texts[i]) continue;
      const id = this.#values.find(text);
      this.#texts[i] = undefined;
      if (id === undefined) return null;
      this.#tuple[i] = id;
      this.#texts[i] = text;
    }
    const slot = this.#table.find(this.#tuple);
    return slot === -1 ? null : slot;
  }

  #add(labels: Labels): number {
    const names = this.metric.labels;
    for (const name of names) {
      const fault = labelFault(labels[name]);
      if (fault !== null) this.#refuse(labels, `has a label ${name} that ${fault}`);
    }
    names.forEach((name, i) => {
      this.#tuple[i] = this.#values.take(labels[name] ?? '');
      this.#texts[i] = labels[name];
    });
    return this.#table.add(this.#tuple);
  }

  #seriesText(slot: number): string {
    return seriesText(
      this.metric.name,
      this.metric.labels.map((name, i) => [name, this.#values.text(this.#table.idAt(slot, i))]),
    );
  }

  /** A series that is absent in a cycle is gone: its ids are given back and the others move up. */
  #dropAbsent(): void {
    const before = this.#table;
    const width = this.metric.labels.length;
    const kept = this.#emitted;
    const table = new SeriesTable(width, Math.max(8, kept));
    const starts = new Uint32Array(kept);
    const lengths = new Uint32Array(kept);
    for (let slot = 0; slot < before.size; slot++) {
      for (let i = 0; i < width; i++) this.#tuple[i] = before.idAt(slot, i);
      if (!this.#has(slot)) {
        for (const id of this.#tuple) this.#values.release(id);
      } else {
        const to = table.add(this.#tuple);
        starts[to] = this.#last.starts[slot] ?? 0;
        lengths[to] = this.#last.lengths[slot] ?? 0;
      }
    }
    this.#table = table;
    this.#last = { body: this.#last.body, starts, lengths };
  }

  #refuse(labels: Labels, why: string): never {
    const { name } = this.metric;
    const shown = Object.entries(labels).map(([label, value]) => [label, shortened(value)] as const);
    // lengths differ from sample to sample
    throw new SampleError(name, why.replaceAll(/\d+ characters/g, 'characters'), seriesText(name, shown) + why);
  }
}
