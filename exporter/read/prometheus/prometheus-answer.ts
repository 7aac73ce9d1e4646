import { MOST_DIGITS } from '../../../model/rational.ts';
import { ReadError, type ReadFailure } from '../reader.ts';

/** One sample of an instant query. */
export interface QuerySample {
  readonly labels: Readonly<Record<string, string>>;
  /** As the server wrote it: "12", "NaN", "+Inf", "1e3" */
  readonly text: string;
  /** Of the evaluation, not of the sample: however old the sample is, Unix ms */
  readonly at: number;
}

/** A query's answer. A warning says that something is missing or wrong, an info that the query may not mean what it says. */
export interface QueryAnswer {
  readonly samples: readonly QuerySample[];
  readonly warnings: readonly string[];
  readonly infos: readonly string[];
}

/** Body of GET /api/v1/query (prometheus.io/docs/prometheus/latest/querying/api); isPartial is VictoriaMetrics' own. */
interface Body {
  readonly status?: unknown;
  readonly errorType?: unknown;
  readonly error?: unknown;
  readonly warnings?: unknown;
  readonly infos?: unknown;
  readonly isPartial?: unknown;
  readonly data?: { readonly resultType?: unknown; readonly result?: unknown } | null;
}

/** The server's word for what went wrong; what is not listed is 'protocol': a query that it does not understand. */
const failures: Readonly<Record<string, ReadFailure>> = {
  timeout: 'timeout',
  canceled: 'timeout',
  unavailable: 'http_status',
  internal: 'http_status',
  not_found: 'http_status',
};
/** In the words of Prometheus, and of VictoriaMetrics (-search.maxQueryLen, -search.maxUniqueTimeseries) */
const TOO_LARGE = /too many samples|too long query|maxUniqueTimeseries/;
const SHOWN = 400;

/**
 * @param status of HTTP, for a body that is not the API's
 * @param maxSeries more samples are refused
 * @throws ReadError with the server's errorType and error; 'protocol' where this is no answer of the API
 */
export function parseAnswer(text: string, status: number, maxSeries: number): QueryAnswer {
  const body = parsed(text, status);
  if (body.status === 'error') {
    const said = String(body.error).slice(0, SHOWN);
    const tooLarge = TOO_LARGE.test(said);
    const failure = tooLarge ? 'too_large' : (failures[String(body.errorType)] ?? 'protocol');
    throw new ReadError(failure, `the server answers ${status} ${String(body.errorType)}: ${said}`);
  }
  if (status !== 200 || body.status !== 'success')
    throw new ReadError('http_status', `status ${status} instead of 200, and no error of the Prometheus API`);
  const partial = body.isPartial === true ? ['isPartial: true'] : [];
  return {
    samples: samplesOf(body.data, maxSeries),
    warnings: [...texts(body.warnings), ...partial],
    infos: texts(body.infos),
  };
}

function parsed(text: string, status: number): Body {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null) return body;
  } catch {
    // said below, for JSON of another kind too
  }
  const failure = status === 200 ? 'protocol' : 'http_status';
  throw new ReadError(
    failure,
    `status ${status} and no JSON of the Prometheus API: ${JSON.stringify(text.slice(0, 80))}`,
  );
}

const texts = (list: unknown): string[] => (Array.isArray(list) ? list.map(String) : []);

function samplesOf(data: Body['data'], maxSeries: number): QuerySample[] {
  const { resultType, result } = data ?? {};
  if (resultType === 'scalar') return [{ labels: {}, ...pointOf(result) }];
  if (resultType !== 'vector' || !Array.isArray(result))
    throw new ReadError('protocol', `the query gives a ${String(resultType)}, not a vector or scalar`);
  if (result.length > maxSeries) throw new ReadError('too_large', `${result.length} series, more than ${maxSeries}`);
  return result.map((row: { metric?: unknown; value?: unknown } | null) => {
    if (row?.value === undefined) throw new ReadError('protocol', 'a sample without a value: a native histogram?');
    return { labels: labelsOf(row.metric), ...pointOf(row.value) };
  });
}

function labelsOf(metric: unknown): Record<string, string> {
  if (
    typeof metric === 'object' &&
    metric !== null &&
    Object.values(metric).every((value) => typeof value === 'string')
  )
    return metric as Record<string, string>;
  throw new ReadError('protocol', `labels that are no texts: ${JSON.stringify(metric ?? null).slice(0, SHOWN)}`);
}

/** [seconds, "value"] */
function pointOf(point: unknown): { text: string; at: number } {
  const [seconds, text] = Array.isArray(point) ? (point as unknown[]) : [];
  if (typeof text === 'string' && text.length > MOST_DIGITS)
    throw new ReadError(
      'protocol',
      `a value of ${text.length} characters, more than ${MOST_DIGITS}: ${text.slice(0, 40)}…`,
    );
  if (typeof seconds === 'number' && Number.isFinite(seconds) && typeof text === 'string')
    return { text, at: Math.round(seconds * 1000) };
  throw new ReadError('protocol', `no sample: ${JSON.stringify(point ?? null).slice(0, SHOWN)}`);
}
