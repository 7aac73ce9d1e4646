import { linearForm } from './formula.ts';
import { addForms, emptyForm, scaleForm, type LinearForm } from './linear-form.ts';
import { rational } from './rational.ts';
import type { Meter } from './schema/meter.ts';

/**
 * A meter as a sum of meters that are read: itself, or what its formula comes to, however deep. A meter that stands in two
 * formulas of one sum is added up once. Ends because `loadPlan` refuses circles.
 */
export function expand(meter: Meter, meters: ReadonlyMap<string, Meter>): LinearForm {
  if (meter.source.protocol !== 'calculated') return { ...emptyForm, terms: new Map([[meter.id, rational(1n)]]) };
  const form = linearForm(meter.source.formula);
  if ('fault' in form) throw new TypeError(`meter ${meter.id}: the declaration was not checked`);
  return [...form.terms].reduce<LinearForm>(
    (sum, [id, coefficient]) => {
      const part = meters.get(id);
      if (part === undefined) throw new TypeError(`meter ${meter.id}: the declaration was not checked`);
      return addForms(sum, scaleForm(expand(part, meters), coefficient));
    },
    { ...emptyForm, constantKw: form.constantKw },
  );
}
