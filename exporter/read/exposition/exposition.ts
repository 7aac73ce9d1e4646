import { getHeapStatistics } from 'node:v8';
import { char, ExpositionLexer } from './exposition-lexer.ts';
import { ReadError, type ExpositionSample } from '../reader.ts';

export interface ExpositionOptions {
  /** 'text' is Prometheus text (0.0.4 and its UTF-8 successor 1.0.0), 'openmetrics' is OpenMetrics 1.0. */
  readonly format: 'text' | 'openmetrics';
  /**
   * Which metrics are wanted; the others are checked for their form and cost no objects.
   * @default all
   */
  readonly keep?: (name: string) => boolean;
  /**
   * The transport has proven that nothing is missing (a length, chunked coding, gzip's trailer): only then may the
   * last line lack its line feed. Otherwise `12` may be the beginning of `123`.
   * @default false
   */
  readonly whole?: boolean;
  /**
   * Samples that are kept: each is an object, and a text of 64 MiB may hold millions of them.
   * @default MOST_SAMPLES
   */
  readonly maxSamples?: number;
  /**
   * Memory of the samples that are kept, bytes.
   * @default a quarter of what V8 may have: its text takes as much, and a full heap ends the process
   */
  readonly maxKept?: number;
}
/** A thousand nodes with 16 chips have 16 metrics each; an exporter that puts more into one text is out of hand. */
const MOST_SAMPLES = 250_000;

/** Bytes of a sample and of one of its labels beside their texts; a character has two bytes where one of the text is no Latin-1. */
const [SAMPLE_BYTES, LABEL_BYTES, CHARACTER_BYTES] = [160, 32, 2] as const;
const quarterOfHeap = getHeapStatistics().heap_size_limit / 4;

function keptBytes({ labels, text }: ExpositionSample): number {
  let bytes = SAMPLE_BYTES + CHARACTER_BYTES * text.length;
  // Names are shared by neighbours.
  for (const name in labels) bytes += LABEL_BYTES + CHARACTER_BYTES * (labels[name]?.length ?? 0);
  return bytes;
}

/**
 * Reads exposition text. HELP, TYPE and UNIT lines carry nothing that is read here and are passed over, whatever they
 * say. A line that is no sample fails the whole text: half a text is never taken for the whole.
 * @throws ReadError 'protocol', with the line's number and its first 120 characters, or 'too_large'
 */
export function parseExposition(
  text: string,
  { format, keep, whole = false, maxSamples = MOST_SAMPLES, maxKept = quarterOfHeap }: ExpositionOptions,
): ExpositionSample[] {
  const parser = new SampleParser(text, format === 'openmetrics', keep ?? (() => true));
  const { lexer } = parser;
  const samples: ExpositionSample[] = [];
  let [ended, kept] = [false, 0];
  while (lexer.position < text.length) {
    if (ended) lexer.fail('text after # EOF');
    lexer.blanks();
    if (lexer.next(char.hash)) {
      ended = lexer.line().trimEnd() === '# EOF' && format === 'openmetrics';
    } else if (!lexer.lineEnd()) {
      const sample = parser.sample();
      if (sample === null) continue;
      kept += keptBytes(sample);
      if (samples.length === maxSamples || kept > maxKept)
        throw tooMany(sample, samples.length, kept > maxKept ? maxKept : null);
      samples.push(sample);
    }
  }
  if (format === 'openmetrics') {
    if (!ended) lexer.fail('the text ends without # EOF: a part is missing');
  } else if (!whole && text !== '' && !text.endsWith('\n')) {
    lexer.fail('the last line has no line feed: a part may be missing');
  }
  return samples;
}

const tooMany = ({ name }: ExpositionSample, count: number, bytes: number | null): ReadError =>
  new ReadError(
    'too_large',
    `more than ${count} samples that are wanted, the last one ${name}` +
      (bytes === null ? '' : `: their labels take more than ${Math.floor(bytes / 2 ** 20)} MiB of memory`),
  );

/** Sample lines: name, labels, value, timestamp and, in OpenMetrics, an exemplar, which is checked and dropped. */
class SampleParser {
  readonly lexer: ExpositionLexer;
  readonly #openMetrics: boolean;
  readonly #keep: (name: string) => boolean;
  /** Names of the line before: guesses for this one. */
  #name = '';
  readonly #labelNames: string[] = [];

  constructor(text: string, openMetrics: boolean, keep: (name: string) => boolean) {
    this.lexer = new ExpositionLexer(text);
    this.#openMetrics = openMetrics;
    this.#keep = keep;
  }

  /** The sample of this line, null where its name is not wanted. */
  sample(): ExpositionSample | null {
    const { lexer } = this;
    const bare = lexer.metricName(this.#name);
    this.#name = bare;
    let wanted = bare === '' || this.#keep(bare);
    const labels: Record<string, string> = {};
    const apart = lexer.blanks();
    const block = lexer.next(char.open);
    const name = block ? this.#labels(bare, wanted ? labels : null) : bare;
    if (name === '' || !(apart || block)) lexer.fail('expected a sample: name{labels} value');
    if (bare === '') wanted = this.#keep(name);
    lexer.blanks();
    const text = lexer.number('a value');
    lexer.blanks();
    const timestamp = lexer.lineEnd() ? null : this.#behindValue();
    return wanted ? { name, labels, text, timestamp } : null;
  }

  /**
   * A block of labels, put `into` where they are wanted. Returns the metric's name, which stands inside the block and
   * in quotes where it has characters of UTF-8: {"metric.name",label="x"}.
   */
  #labels(bare: string, into: Record<string, string> | null): string {
    const { lexer } = this;
    let metric = bare;
    lexer.take(char.open);
    lexer.blanks();
    for (let index = 0; !lexer.take(char.close); index++) {
      const quoted = lexer.next(char.quote);
      const name = quoted ? lexer.quoted() : lexer.labelName(this.#labelNames[index] ?? '');
      if (name === '' || name === '__name__') lexer.fail('expected the name of a label');
      lexer.blanks();
      if (lexer.take(char.equals)) {
        if (!quoted) this.#labelNames[index] = name;
        lexer.blanks();
        const value = lexer.quoted(into !== null);
        if (into && !put(into, name, value)) lexer.fail(`two labels are named ${name}`);
      } else {
        if (!quoted || metric !== '') lexer.fail('expected = behind the name of a label');
        metric = name;
      }
      lexer.blanks();
      if (!lexer.take(char.comma) && !lexer.next(char.close)) lexer.fail('expected , or } behind a label');
      lexer.blanks();
    }
    return metric;
  }

  /** The timestamp, in Unix ms, or null; in OpenMetrics an exemplar may follow, which is checked and dropped. */
  #behindValue(): number | null {
    const { lexer } = this;
    const timestamp = lexer.next(char.hash) ? null : this.#timestamp();
    if (this.#openMetrics && lexer.take(char.hash)) {
      lexer.blanks();
      if (!lexer.next(char.open)) lexer.fail('expected the labels of an exemplar');
      this.#labels('exemplar', null);
      lexer.blanks();
      lexer.number('the value of an exemplar');
      lexer.blanks();
      if (lexer.lineEnd()) return timestamp;
      this.#timestamp();
    }
    if (!lexer.lineEnd()) lexer.fail('expected the end of the line');
    return timestamp;
  }

  /** Written in seconds in OpenMetrics, in whole milliseconds in Prometheus text. */
  #timestamp(): number {
    const { lexer } = this;
    const time = this.#openMetrics
      ? Math.round(Number(lexer.number('a timestamp in seconds')) * 1000)
      : Number(lexer.integer('a timestamp in whole milliseconds'));
    if (!Number.isFinite(time)) lexer.fail('expected a finite timestamp');
    lexer.blanks();
    return time;
  }
}

/** False where the name is taken. `__proto__` is a legal label. */
function put(labels: Record<string, string>, name: string, value: string): boolean {
  if (labels[name] !== undefined && Object.hasOwn(labels, name)) return false;
  if (name === '__proto__') Object.defineProperty(labels, name, { value, enumerable: true });
  else labels[name] = value;
  return true;
}
