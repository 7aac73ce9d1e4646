import { parseDecimal } from '../../../model/rational.ts';
import type { Fixed, Metric, Sample } from '../../../model/metrics/metric.ts';

const PAIR = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;
const PLAIN: Readonly<Record<string, string>> = { '\\\\': '\\', '\\"': '"', '\\n': '\n' };

/** A double where that loses nothing, else the exact total: `valueText` of the result gives the same digits again. */
function value(digits: string): number | Fixed {
  const number = Number(digits);
  if (String(number) === digits) return number;
  const point = digits.indexOf('.');
  return {
    units: parseDecimal(digits.replace('.', ''))?.n ?? 0n,
    digits: point === -1 ? 0 : digits.length - point - 1,
  };
}

/**
 * The samples that stand in a family's rendered lines. Page and API read the very bytes that a scrape gets: they cannot
 * say anything else, and no second copy of the values is kept.
 */
export function* samples(metric: Metric, body: Buffer): Generator<Sample> {
  for (let start = 0, end = 0; start < body.length; start = end + 1) {
    end = body.indexOf('\n', start);
    const line = body.toString('utf8', start, end);
    const gap = line.lastIndexOf(' ');
    const labels: Record<string, string> = {};
    for (const [, name = '', text = ''] of line.slice(metric.name.length, gap).matchAll(PAIR))
      labels[name] = text.includes('\\') ? text.replace(/\\./g, (pair) => PLAIN[pair] ?? pair) : text;
    yield { metric, labels, value: value(line.slice(gap + 1)) };
  }
}
