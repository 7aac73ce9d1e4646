import { weekMs } from './time.ts';

/** A rate that is constant between edges and repeats every week, with the sums that make its integral cheap. */
export interface Steps {
  /** Edges in ms since the week's start, ascending, the first is 0. */
  readonly starts: Float64Array;
  readonly rates: Float64Array;
  /** Integral in rate-seconds from the week's start to each edge, and over the whole week last. */
  readonly sums: Float64Array;
}

export function steps(starts: Float64Array, rates: Float64Array): Steps {
  const sums = new Float64Array(starts.length + 1);
  for (let slot = 0; slot < starts.length; slot++)
    sums[slot + 1] = at(sums, slot) + (at(rates, slot) * ((starts[slot + 1] ?? weekMs) - at(starts, slot))) / 1000;
  return { starts, rates, sums };
}

/** The slot of the week in which `ms` (since the twin's epoch) lies. */
export function slotAt(starts: Float64Array, ms: number): number {
  const inWeek = ms % weekMs;
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (at(starts, middle) <= inWeek) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The rate at `ms` since the twin's epoch. */
export function rate({ starts, rates }: Steps, ms: number): number {
  return at(rates, slotAt(starts, ms));
}

/** The integral in rate-seconds from the twin's epoch to `ms`. */
export function integral({ starts, rates, sums }: Steps, ms: number): number {
  const slot = slotAt(starts, ms);
  const into = ((ms % weekMs) - at(starts, slot)) / 1000;
  return Math.floor(ms / weekMs) * at(sums, sums.length - 1) + at(sums, slot) + at(rates, slot) * into;
}

/** A typed array's element; an index outside is a fault of the caller and must not become NaN silently. */
function at(array: Float64Array, index: number): number {
  const found = array[index];
  if (found === undefined) throw new RangeError(`no slot ${index} among ${array.length}`);
  return found;
}
