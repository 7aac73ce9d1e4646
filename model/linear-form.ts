import { add, multiply, rational, type Rational } from './rational.ts';

/** A sum of coefficient x meter, and a constant power in kW. */
export interface LinearForm {
  readonly terms: ReadonlyMap<string, Rational>;
  readonly constantKw: Rational;
}

/** Nothing at all. */
export const emptyForm: LinearForm = { terms: new Map(), constantKw: rational(0n) };

/** The sum of two forms, terms that cancel out left away. */
export function addForms(a: LinearForm, b: LinearForm): LinearForm {
  const terms = new Map(a.terms);
  for (const [meter, coefficient] of b.terms) {
    const sum = add(terms.get(meter) ?? rational(0n), coefficient);
    if (sum.n === 0n) terms.delete(meter);
    else terms.set(meter, sum);
  }
  return { terms, constantKw: add(a.constantKw, b.constantKw) };
}

export const scaleForm = ({ terms, constantKw }: LinearForm, by: Rational): LinearForm => ({
  terms: new Map(by.n === 0n ? [] : [...terms].map(([meter, coefficient]) => [meter, multiply(coefficient, by)])),
  constantKw: multiply(constantKw, by),
});
