import { CREDITS } from '../../../model/queues/credits.ts';
import { add, compare, multiply, parseDecimal, rational, type Rational } from '../../../model/rational.ts';
import type { QueueState } from '../../../model/queue-states.ts';
import type { Rejection } from '../../../model/reasons.ts';
import type { ExpositionSample } from '../../read/reader.ts';
import type { QueueWorth } from './queue-worth.ts';

type Refuse = (reason: Rejection) => void;

const ZERO = rational(0);

/** A number that can be: null where it is none, or below zero. */
export function amountOf({ text }: ExpositionSample, refuse: Refuse): Rational | null {
  const value = parseDecimal(text);
  if (value === null) refuse(/^\+?inf/i.test(text) ? 'unlimited_queue' : 'not_a_number');
  else if (compare(value, ZERO) < 0) refuse('below_range');
  return value !== null && compare(value, ZERO) >= 0 ? value : null;
}

/** The sum of all; null where one of them is not known, as a part would pass as the whole. */
export function sumOf(parts: Iterable<Rational | null>): Rational | null {
  let sum: Rational | null = ZERO;
  for (const part of parts) sum = sum && part && add(sum, part);
  return sum;
}

/** Kept by Kueue in credits, which hold for all models; claims bear none and are counted in devices. */
const QUOTAS = new Set<QueueState>(['nominal', 'borrowable']);

/**
 * PFlops of a queue in one state; null where that is not known. What it has is told by its credits. What it holds, and what
 * waits, is told by the chips themselves, so that it is right also where Kueue was not told to count credits.
 */
export function queuePflops(
  state: QueueState,
  samples: readonly ExpositionSample[],
  worth: QueueWorth,
  refuse: Refuse,
): number | null {
  const isQuota = QUOTAS.has(state);
  const own = isQuota
    ? samples.filter(({ labels: { resource = '' } }) => resource === CREDITS || worth.isClaim(resource))
    : samples.filter(({ labels: { resource } }) => resource !== CREDITS);
  if (own.length === 0) return isQuota ? null : 0;
  const parts = own.map((sample): Rational | null => {
    const amount = amountOf(sample, refuse);
    // None of something unknown is nothing.
    if (amount === null || compare(amount, ZERO) === 0) return amount;
    const { resource = '', flavor } = sample.labels;
    if (resource === CREDITS) return multiply(amount, rational(1, 1000)); // GFLOPS
    const tflops = worth.tflops(resource, flavor);
    if (tflops === undefined) refuse('unknown_resource');
    return tflops ? multiply(amount, tflops) : null;
  });
  const tflops = sumOf(parts);
  return tflops && Number(tflops.n) / Number(tflops.d * 1000n);
}
