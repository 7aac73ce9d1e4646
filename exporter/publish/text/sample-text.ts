import type { Fixed, Metric } from '../../../model/metrics/metric.ts';

/** The two formats that Prometheus asks for. Their sample lines are the same; the lines about a family differ. */
export const formats = ['text', 'openmetrics'] as const;
export type Format = (typeof formats)[number];

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n' };
const escaped = (text: string, what: RegExp): string => text.replace(what, (c) => ESCAPES[c] ?? c);

/** A label value between its quotes, in both formats. */
const labelText = (value: string): string => (/[\\"\n]/.test(value) ? escaped(value, /[\\"\n]/g) : value);

/** `name{a="1",b="2"} `: all of a sample line but its value. */
export function seriesText(name: string, labels: readonly (readonly [name: string, value: string])[]): string {
  const pairs = labels.map(([label, value]) => `${label}="${labelText(value)}"`);
  return pairs.length === 0 ? `${name} ` : `${name}{${pairs.join(',')}} `;
}

/** Digits of a value: a total exactly, a double in the shortest form that reads back as the same double. */
export function valueText(value: number | Fixed): string {
  if (typeof value === 'number') return String(value);
  const { units, digits } = value;
  if (digits === 0) return units.toString();
  const text = (units < 0n ? -units : units).toString().padStart(digits + 1, '0');
  return `${units < 0n ? '-' : ''}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** What the lines about a family need to know. */
export type FamilyHead = Pick<Metric, 'name' | 'unit'> & { readonly type: string; readonly help: string };

/**
 * HELP and TYPE, in OpenMetrics also UNIT. Text 0.0.4 names a counter in full and leaves quotes in HELP alone;
 * OpenMetrics 1.0 names the family without `_total`, escapes quotes too, and has a UNIT only where the name ends in it.
 */
export function headText({ name, type, unit, help }: FamilyHead, format: Format): string {
  if (format === 'text') return `# HELP ${name} ${escaped(help, /[\\\n]/g)}\n# TYPE ${name} ${type}\n`;
  const family = type === 'counter' ? name.replace(/_total$/, '') : name;
  const unitLine = unit !== '' && family.endsWith(`_${unit}`) ? `# UNIT ${family} ${unit}\n` : '';
  return `# TYPE ${family} ${type}\n${unitLine}# HELP ${family} ${escaped(help, /[\\"\n]/g)}\n`;
}

/** Ends every OpenMetrics text; nothing may follow. */
export const openmetricsEnd = '# EOF\n';
