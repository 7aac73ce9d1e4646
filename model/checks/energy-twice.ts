import { add, rational, type Rational } from '../rational.ts';
import { addForms, emptyForm, type LinearForm } from '../linear-form.ts';
import type { Meter } from '../schema/meter.ts';

/** What a meter brings into the sum of its side. */
export interface Share {
  readonly of: Meter;
  readonly form: LinearForm;
}

/** A meter that is read, in a share of which it is a part. */
interface Part {
  readonly id: string;
  readonly share: Share;
}

const isIn = (form: LinearForm, id: string): boolean => (form.terms.get(id)?.n ?? 0n) > 0n;

/**
 * The energy that two parts of a side's sum both count: one meter of two shares, or a meter below another one where what
 * is above it has entered the sum and was not taken off again ('ups-in - rack' beside 'rack' leaves ups-in alone). The
 * second part is the lower one. Null: nothing is counted twice.
 *
 * So no load counts more than the largest coefficient: on the way down to it a meter is added only where nothing above
 * it counts. A coefficient above 1 is the formula's own: losses before a meter that is read.
 * @param parentOf the meter just upstream, null at the top
 */
export function twice(shares: readonly Share[], parentOf: (id: string) => string | null): readonly [Part, Part] | null {
  const first = new Map<string, Share>();
  for (const share of shares)
    for (const [id, { n }] of share.form.terms) {
      // Two exports of one meter's energy take it off twice; formulas may each take off a part of one.
      const isExport = share.of.direction === 'export';
      if (isExport ? n > 0n : n < 0n) continue;
      const key = `${isExport} ${id}`;
      const before = first.get(key);
      if (before)
        return [
          { id, share: before },
          { id, share },
        ];
      first.set(key, share);
    }
  const { terms } = shares.reduce((sum, { form }) => addForms(sum, form), emptyForm);
  for (const [id, { n }] of terms) {
    if (n <= 0n) continue;
    let above: Rational = rational(0n);
    let upper: string | null = null;
    for (let parent = parentOf(id); parent !== null; parent = parentOf(parent)) {
      above = add(above, terms.get(parent) ?? rational(0n));
      if (upper === null && (terms.get(parent)?.n ?? 0n) > 0n) upper = parent;
    }
    const [over, under] = [upper, id].map((one) => shares.find(({ form }) => one !== null && isIn(form, one)));
    if (above.n > 0n && upper !== null && over && under)
      return [
        { id: upper, share: over },
        { id, share: under },
      ];
  }
  return null;
}
