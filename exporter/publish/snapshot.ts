import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { Metric, Sample } from '../../model/metrics/metric.ts';
import type { Family } from './text/family.ts';
import { openmetricsEnd, type Format } from './text/sample-text.ts';
import { samples } from './text/samples.ts';

/** One text in one format, plain and as gzip, in pieces that are written one after another. */
export interface Rendition {
  readonly plain: readonly Buffer[];
  readonly gzip: readonly Buffer[];
}

/** Lines of somebody else (the process's own metrics) that follow the families, in both formats. */
export type Appendix = Readonly<Record<Format, Buffer>>;

/** All that one cycle publishes. Immutable: a scrape that began with it ends with it. */
export interface Snapshot extends Readonly<Record<Format, Rendition>> {
  /** When the cycle began, Unix ms. */
  readonly at: number;
  /** The metrics that have samples, in the catalogue's order. */
  readonly metrics: readonly Metric[];
  /** The samples of one metric as the text says them; empty where it has none. */
  series(metric: Metric): readonly Sample[];
  /** The same one by one, for whoever must not hold the event loop. */
  read(metric: Metric): Iterable<Sample>;
}

/** The rendered lines of one family. */
export interface Block {
  readonly family: Family;
  readonly body: Buffer;
}

/** Pieces smaller than this are put together: each one is a write of its own, to the socket and to zlib's threads. */
const SMALL = 65_536;

function joined(pieces: readonly Buffer[]): Buffer[] {
  const runs: Buffer[][] = [];
  let length = Infinity;
  for (const piece of pieces) {
    if (length + piece.length > SMALL) {
      runs.push([]);
      length = 0;
    }
    runs.at(-1)?.push(piece);
    length += piece.length;
  }
  return runs.map((run) => (run.length === 1 ? (run[0] ?? Buffer.alloc(0)) : Buffer.concat(run)));
}

/** Level 1: higher levels save 7 % and cost four times as much. Runs on zlib's threads. */
async function gzip(pieces: readonly Buffer[]): Promise<Buffer[]> {
  const packed: Buffer[] = [];
  for await (const piece of Readable.from(pieces).pipe(createGzip({ level: 1, chunkSize: 65_536 }))) packed.push(piece);
  return packed;
}

/** Packs the pieces of one text. */
export async function rendition(pieces: readonly Buffer[]): Promise<Rendition> {
  const plain = joined(pieces);
  return { plain, gzip: await gzip(plain) };
}

/** Puts the families' lines together; both formats share the bytes of the sample lines. */
export async function snapshot(at: number, blocks: readonly Block[], appendix?: Appendix): Promise<Snapshot> {
  const pieces = (format: Format): Buffer[] => [
    ...blocks.flatMap(({ family, body }) => [family.heads[format], body]),
    ...(appendix ? [appendix[format]] : []),
  ];
  // One after the other: the machine may have two cores, and the event loop needs one of them.
  const openmetrics = await rendition([...pieces('openmetrics'), Buffer.from(openmetricsEnd)]);
  const text = await rendition(pieces('text'));
  const bodies = new Map(blocks.map(({ family, body }) => [family.metric, body]));
  const memo = new Map<Metric, readonly Sample[]>();
  const read = (metric: Metric): Iterable<Sample> => samples(metric, bodies.get(metric) ?? Buffer.alloc(0));
  return {
    at,
    text,
    openmetrics,
    metrics: [...bodies.keys()],
    read,
    series(metric) {
      const known = memo.get(metric) ?? [...read(metric)];
      memo.set(metric, known);
      return known;
    },
  };
}
