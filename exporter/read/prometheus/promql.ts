/** A string of PromQL. Label values come from outside: a quote in one must not end the string. */
export const quoted = (value: string): string =>
  `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;

/** An RE2 pattern of these words and nothing else; PromQL anchors it at both ends. */
export const oneOf = (values: readonly string[]): string =>
  values.map((value) => value.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)).join('|');

/** One condition of a selector, like UUID!="". */
export const matcher = (label: string, operator: '=' | '!=' | '=~' | '!~', value: string): string =>
  `${label}${operator}${quoted(value)}`;

/** Conditions of the declaration: each label has exactly this value. */
export const equal = (labels: Readonly<Record<string, string>>): string[] =>
  Object.entries(labels).map(([label, value]) => matcher(label, '=', value));

/** A name that needs no quotes */
const PLAIN = /^[a-zA-Z_:][\w:]*$/;

/** Series of these metrics that meet all conditions. */
export function selector(metrics: readonly string[], conditions: readonly string[] = []): string {
  const [only = ''] = metrics;
  if (metrics.length === 1 && PLAIN.test(only)) return `${only}{${conditions.join(',')}}`;
  const name = metrics.length === 1 ? matcher('__name__', '=', only) : matcher('__name__', '=~', oneOf(metrics));
  return `{${[name, ...conditions].join(',')}}`;
}
