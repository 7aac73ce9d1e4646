import { CREDITS } from '../../../model/queues/credits.ts';
import { compare, multiply, rational, subtract, type Rational } from '../../../model/rational.ts';
import type { ExpositionSample } from '../../read/reader.ts';
import { amountOf, sumOf } from './queue-amounts.ts';
import type { QueueWorth } from './queue-worth.ts';

const ZERO = rational(0);
/** queuePflops has told what of these samples is not believed. */
const ignore = (): void => {};
const of = (samples: readonly ExpositionSample[]): Rational | null =>
  sumOf(samples.map((sample) => amountOf(sample, ignore)));

/**
 * Whether every chip that a queue uses is charged to its credits; null where nothing runs that is to be charged, or where
 * that cannot be told.
 *
 * Kueue charges a job when it admits it, by the coefficients of that moment, and where its configuration lacks them it
 * admits without a charge and without a word. A chip that is not charged lacks at least the credits of the least chip in
 * use: what lacks less is the rounding or a slight change of coefficients, and all chips are charged. What lacks more is
 * taken for uncharged, also where it is jobs that were admitted by a lower coefficient: they too hold more than the quota
 * now allows. Jobs that were admitted by a higher one lack nothing, and may hide as many credits of others.
 */
export function quotaEnforced(used: readonly ExpositionSample[], worth: QueueWorth): boolean | null {
  const byResource = Map.groupBy(used, ({ labels }) => labels['resource'] ?? '');
  const charged = of(byResource.get(CREDITS) ?? []);
  let least: Rational | null = null;
  const due: (Rational | null)[] = [];
  for (const [resource, samples] of byResource) {
    const credits = worth.credits(resource);
    if (credits === undefined) continue;
    const amount = of(samples);
    if (amount !== null && compare(amount, ZERO) === 0) continue;
    const each = credits === 'clash' ? null : rational(credits);
    due.push(amount && each && multiply(amount, each));
    if (each && (least === null || compare(each, least) < 0)) least = each;
  }
  const sum = sumOf(due);
  if (charged === null || sum === null || least === null) return null;
  return compare(subtract(sum, charged), least) < 0;
}
