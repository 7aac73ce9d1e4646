import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { ReadError } from '../../exporter/read/reader.ts';
import { MOST_BYTES, mutate } from './mutate.ts';
import { Random } from './random.ts';
import type { Target } from './target.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** One in so many inputs is put together by fast-check from the grammar's pieces; the others are changed good ones. */
const GENERATED = 4;
const BATCH = 200;
const MOST_MS = 50;
/** What may lie about after all inputs, beside what lay there after the first ones. */
const MOST_GROWTH = 2 * 2 ** 20;

export interface Fired {
  readonly target: string;
  readonly inputs: number;
  readonly values: number;
  readonly reasons: Readonly<Record<string, number>>;
  /** Of one input, the best of three tries: another process may have had the processor */
  readonly slowestMicros: number;
  readonly growthBytes: number;
}

/** Something that must not happen, with the input that does it. */
class FuzzFault extends Error {
  override name = 'FuzzFault';
}

const bytesOf = (text: string | Uint8Array): Buffer => Buffer.from(text as Uint8Array);

/** Inputs put together from pieces: words, texts of any characters, bytes. */
const pieces = (words: readonly Buffer[]): fc.Arbitrary<Buffer> =>
  fc
    .array(
      fc.oneof(
        { weight: 6, arbitrary: fc.constantFrom(...words) },
        { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }).map(bytesOf) },
        { weight: 1, arbitrary: fc.uint8Array({ maxLength: 6 }).map(bytesOf) },
        { weight: 1, arbitrary: fc.double().map((value) => bytesOf(String(value))) },
      ),
      { maxLength: 40 },
    )
    .map((parts) => Buffer.concat(parts).subarray(0, MOST_BYTES));

/** The reason of an input, null for a value; throws where it is neither. */
function reasonOf(target: Target, bytes: Buffer, random: Random): string | null {
  try {
    return target.read(bytes, random);
  } catch (error) {
    if (error instanceof ReadError) return error.failure;
    throw error;
  }
}

/** All inputs of a target, the same for the same seed. */
function* inputsOf(target: Target, seed: string, count: number): Generator<Buffer> {
  const [seeds, words] = [target.seeds.map(bytesOf), target.words.map(bytesOf)];
  yield* seeds;
  const arbitrary = pieces(words);
  let generated: Buffer[] = [];
  for (let index = seeds.length; index < count; index++) {
    const random = new Random(`${seed} ${target.name} ${index}`);
    if (target.make && random.int(2) === 0) yield bytesOf(target.make(random)).subarray(0, MOST_BYTES);
    else if (random.int(GENERATED) > 0) yield mutate(random, seeds, words);
    else {
      if (generated.length === 0)
        generated = fc.sample(arbitrary, { numRuns: BATCH, seed: random.int(2 ** 31) }).reverse();
      yield generated.pop()!;
    }
  }
}

/** Fires so many inputs at a target. @throws FuzzFault with seed, number and bytes of the input that breaks it */
export function fire(target: Target, seed: string, count: number): Fired {
  const reasons = new Map<string, number>();
  let [values, index, slowest, heap] = [0, 0, 0, 0];
  const fault = (bytes: Buffer, what: string, cause?: unknown): never => {
    const shown = JSON.stringify(bytes.subarray(0, 400).toString('latin1'));
    throw new FuzzFault(
      `${target.name}: ${what}\n  GREENFLOPS_FUZZ_SEED=${seed}, input ${index} of ${count}, ${bytes.length} bytes\n  base64 ${bytes.subarray(0, 3000).toString('base64')}\n  ${shown}`,
      { cause },
    );
  };
  const timed = (bytes: Buffer): { reason: string | null; ms: number } => {
    const random = new Random(`${seed} ${target.name} read ${index}`);
    const begun = performance.now();
    try {
      const reason = reasonOf(target, bytes, random);
      return { reason, ms: performance.now() - begun };
    } catch (error) {
      return fault(bytes, error instanceof Error ? (error.stack ?? error.message) : String(error), error);
    }
  };
  for (const bytes of inputsOf(target, seed, count)) {
    const { reason, ms } = timed(bytes);
    if (ms * 1000 > slowest) {
      const best = Math.min(ms, timed(bytes).ms, timed(bytes).ms);
      slowest = Math.max(slowest, best * 1000);
      if (best > (target.mostMs ?? MOST_MS)) fault(bytes, `takes ${best.toFixed(1)} ms`);
    }
    if (reason === null) values += 1;
    else reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    if (index === Math.floor(count / 5)) {
      collect();
      heap = process.memoryUsage().heapUsed;
    }
    index += 1;
  }
  collect();
  const growthBytes = process.memoryUsage().heapUsed - heap;
  if (growthBytes > MOST_GROWTH)
    throw new FuzzFault(`${target.name}: the heap grew by ${growthBytes} bytes over ${index} inputs`);
  if (values === 0 || reasons.size === 0)
    throw new FuzzFault(`${target.name}: all inputs came to the same: nothing was tested`);
  return {
    target: target.name,
    inputs: index,
    values,
    reasons: Object.fromEntries([...reasons].sort(([, a], [, b]) => b - a)),
    slowestMicros: Math.round(slowest),
    growthBytes,
  };
}
