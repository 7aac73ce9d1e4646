import type { ExpositionSource } from '../../../model/schema/sources.ts';
import type { Gateways } from '../gateways.ts';
import { parseExposition } from './exposition.ts';
import { fileText } from '../transport/file-text.ts';
import { httpText } from '../transport/http-text.ts';
import { ReadError, type ExpositionSample, type Reader } from '../reader.ts';
import { shown, type TextAnswer, type TextOptions } from '../transport/text-answer.ts';

const transports: Readonly<Record<string, (url: URL, options: TextOptions) => Reader<TextAnswer>>> = {
  'http:': httpText,
  'https:': httpText,
  'file:': fileText,
};

/** A source of exposition text, in whichever of the two formats it answers. @param keep which metrics; default all */
export function expositionSamples(
  source: ExpositionSource,
  _gateways: Gateways,
  keep?: (name: string) => boolean,
): Reader<ExpositionSample[]> {
  const url = new URL(source.url);
  const transport = transports[url.protocol];
  if (!transport)
    throw new TypeError(`${shown(url)}: ${url.protocol} is not one of ${Object.keys(transports).join(' ')}`);
  const reader = transport(url, { timeout: source.timeout });
  return {
    async read(signal) {
      const { text, contentType, whole } = await reader.read(signal);
      try {
        return parseExposition(text, { format: formatOf(contentType, text), keep, whole });
      } catch (cause) {
        if (!(cause instanceof ReadError)) throw cause;
        throw new ReadError(cause.failure, `${shown(url)}: ${cause.message}`, { cause });
      }
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
