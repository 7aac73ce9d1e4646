import type { ExpositionSource } from '../../../model/schema/sources.ts';
import type { Gateways } from '../gateways.ts';
import { parseExposition } from './exposition.ts';
import type { ExpositionSample, Reader } from '../reader.ts';
import { locating } from '../transport/locating.ts';
import { sharedText } from '../transport/shared-text.ts';
import { shown } from '../transport/text-answer.ts';

/** Prometheus text first: its names are those that people see and declare; OpenMetrics makes client_golang rename counters. */
const accept = 'text/plain;version=0.0.4,application/openmetrics-text;version=1.0.0;q=0.5,*/*;q=0.1';

/**
 * A source of exposition text, in whichever of the two formats it answers. Users of one URL share its text, each keeps
 * its own metrics of it. @param keep which metrics; default all
 */
export function expositionSamples(
  source: ExpositionSource,
  gateways: Gateways,
  keep?: (name: string) => boolean,
): Reader<ExpositionSample[]> {
  const url = new URL(source.url);
  const reader = sharedText(source, gateways, { kind: 'exposition', accept, parse: (answer) => answer });
  return {
    async read(signal) {
      const { text, contentType, whole } = await reader.read(signal);
      return locating(shown(url), () => parseExposition(text, { format: formatOf(contentType, text), keep, whole }));
    },
    close: () => reader.close(),
  };
}

/** The format decides whether timestamps are seconds. A text without a content type says it by its last line. */
function formatOf(contentType: string | null, text: string): 'text' | 'openmetrics' {
  const openMetrics = contentType
    ? /^application\/openmetrics-text\b/i.test(contentType)
    : /(^|\n)# EOF\r?\n?$/.test(text);
  return openMetrics ? 'openmetrics' : 'text';
}
