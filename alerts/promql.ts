import type { Metric } from '../model/metrics/metric.ts';

type Matchers<L extends string> = Partial<Readonly<Record<L, string>>>;

/** A selector of the metric's series; a matcher comes with its operator: `{ side: '="it"' }`. A label that the metric lacks is a type error. */
export function series<L extends string>({ name }: Metric<L>, matchers: Matchers<L> = {}): string {
  const list = Object.entries<string | undefined>(matchers).map(([label, matcher]) => `${label}${matcher}`);
  return list.length === 0 ? name : `${name}{${list.join(',')}}`;
}

/** Gives series of a source the label `meter`: a meter's source has the meter's id. */
export const asMeter = (expression: string): string => `label_replace(${expression}, "meter", "$1", "source", "(.+)")`;

/** Without the indent that the template strings of this house have. */
export function flush(expression: string): string {
  const lines = expression.replace(/^\n/, '').trimEnd().split('\n');
  const indent = Math.min(...lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/)));
  return lines.map((line) => line.slice(indent)).join('\n');
}
