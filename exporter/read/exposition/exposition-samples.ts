import type { ExpositionSource } from '../../../model/schema/sources.ts';
import type { Gateways } from '../gateways.ts';
import { parseExposition } from './exposition.ts';
import type { ExpositionSample, Reader } from '../reader.ts';
import { locating } from '../transport/locating.ts';
import { sharedText } from '../transport/shared-text.ts';
import { concealing, Secrets, type Hide } from '../transport/secrets.ts';
import { shown, withoutSecrets, type TextAnswer } from '../transport/text-answer.ts';

/** Prometheus text first: its names are those that people see and declare; OpenMetrics makes client_golang rename counters. */
const accept = 'text/plain;version=0.0.4,application/openmetrics-text;version=1.0.0;q=0.5,*/*;q=0.1';

/**
 * A source of exposition text, in whichever of the two formats it answers. Users of one URL share its text, each keeps
 * its own metrics of it. Its `hide` takes out of words about the samples what was sent for them.
 * @param keep which metrics; default all
 */
export function expositionSamples(
  source: ExpositionSource,
  gateways: Gateways,
  keep?: (name: string) => boolean,
): Reader<ExpositionSample[]> & { hide: Hide } {
  const url = new URL(source.url);
  const reader = sharedText(source, gateways, { kind: 'exposition', accept, parse: (answer) => answer });
  let secrets = Secrets.none;
  return {
    hide: (text) => secrets.hide(text),
    async read(signal) {
      const answer = await reader.read(signal);
      const samples = locating(shown(url), () => concealing(answer, withoutSecrets, (from) => parsed(from, keep)));
      ({ secrets } = answer);
      // looked for once in the text, and label by label only where it is there
      if (!secrets.isIn(answer.text)) return samples;
      return samples.map((sample) => ({ ...sample, labels: secrets.hideLabels(sample.labels) }));
    },
    close: () => reader.close(),
  };
}

const parsed = ({ text, contentType, whole }: TextAnswer, keep?: (name: string) => boolean): ExpositionSample[] =>
  parseExposition(text, { format: formatOf(contentType, text), keep, whole });

/** The format decides whether timestamps are seconds. A text without a content type says it by its last line. */
function formatOf(contentType: string | null, text: string): 'text' | 'openmetrics' {
  const openMetrics = contentType
    ? /^application\/openmetrics-text\b/i.test(contentType)
    : /(^|\n)# EOF\r?\n?$/.test(text);
  return openMetrics ? 'openmetrics' : 'text';
}
