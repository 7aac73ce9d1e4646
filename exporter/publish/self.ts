import { Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import { headText, seriesText, valueText, type Format } from './text/sample-text.ts';
import type { Appendix } from './snapshot.ts';

/**
 * Default metrics that are left out: three gauges called `_total`, which promtool and OpenMetrics refuse, and a minimum
 * that reads 292 years until the first delay is measured.
 */
const LEFT_OUT = new Set([
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
  'nodejs_eventloop_lag_min_seconds',
]);

/** One row of prom-client's JSON; `metricName` is there where a sample is not named like its family (`_bucket`, `_sum`). */
interface Row {
  readonly value: number;
  readonly labels: Readonly<Partial<Record<string, string | number>>>;
  readonly metricName?: string;
}
interface JsonFamily {
  readonly name: string;
  readonly help: string;
  /** 'counter', 'gauge', 'histogram' or 'summary'; the library's types declare an enum that is not there */
  readonly type: unknown;
  readonly values: readonly Row[];
}

/** Numbers stand in labels as bounds: OpenMetrics wants `le="1.0"` where text 0.0.4 has `le="1"`. */
const boundText = (bound: number, format: Format): string =>
  format === 'openmetrics' && Number.isInteger(bound) ? `${bound}.0` : String(bound);

function familyText({ name, help, type, values }: JsonFamily, format: Format): string {
  // A mean of nothing is NaN; what is unknown is left out.
  const lines = values
    .filter(({ value }) => Number.isFinite(value))
    .map(({ value, labels, metricName = name }) => {
      const pairs = Object.entries(labels).map(
        ([label, text = '']) => [label, typeof text === 'number' ? boundText(text, format) : text] as const,
      );
      return `${seriesText(metricName, pairs)}${valueText(value)}\n`;
    });
  return lines.length === 0 ? '' : headText({ name, type: String(type), help, unit: '' }, format) + lines.join('');
}

/**
 * The exporter's own process and its HTTP side, kept by prom-client and rendered here: its `metrics()` cuts `_total` off
 * counter names for good once OpenMetrics was asked for.
 */
export class Self {
  readonly #registry = new Registry();
  readonly #requests = new Counter({
    name: 'greenflops_http_requests_total',
    help: 'HTTP requests answered, by path and status code',
    labelNames: ['path', 'code'],
    registers: [this.#registry],
  });
  readonly #scrapes = new Gauge({
    name: 'greenflops_http_scrapes_in_flight',
    help: 'Scrapes being written at the moment',
    registers: [this.#registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.#registry });
    this.#scrapes.set(0);
  }

  /** `path` and `code` come from closed lists: a label is never taken from a request. */
  answered(path: string, code: number): void {
    this.#requests.inc({ path, code: String(code) });
  }

  scraping(inFlight: number): void {
    this.#scrapes.set(inFlight);
  }

  /** About 60 series in both formats, without `# EOF`. */
  async render(): Promise<Appendix> {
    const families: readonly JsonFamily[] = await this.#registry.getMetricsAsJSON();
    const text = (format: Format): Buffer =>
      Buffer.from(
        families
          .filter(({ name }) => !LEFT_OUT.has(name))
          .map((family) => familyText(family, format))
          .join(''),
      );
    return { text: text('text'), openmetrics: text('openmetrics') };
  }
}
