import type { HttpAccess } from '../../../model/schema/sources.ts';
import type { Gateways } from '../gateways.ts';
import type { Reader } from '../reader.ts';
import { fileText } from './file-text.ts';
import type { HttpOptions } from './http-connection.ts';
import { httpText } from './http-text.ts';
import { locating } from './locating.ts';
import { SharedReader } from './shared-reader.ts';
import { concealing } from './secrets.ts';
import { shown, withoutSecrets, type TextAnswer } from './text-answer.ts';

const transports: Readonly<
  Record<string, (url: URL, options: HttpOptions & { accept: string }) => Reader<TextAnswer>>
> = {
  'http:': httpText,
  'https:': httpText,
  'file:': fileText,
};

/** A source that is a text at a URL. */
interface TextSource extends Partial<HttpAccess> {
  readonly url: string;
  /** ms */
  readonly timeout: number;
}

interface Form<T> {
  /** What `parse` makes, in one word: what is read as two things is read twice. */
  readonly kind: string;
  /** Which forms of the text the reader knows (RFC 9110, 12.5.1) */
  readonly accept: string;
  readonly maxBytes?: number;
  /** Done once for all users. @throws ReadError, which learns the address here */
  readonly parse: (answer: TextAnswer) => T;
}

/** A text that is read once for all who name the same URL in the same way. */
export function sharedText<T>(
  source: TextSource,
  gateways: Gateways,
  { kind, accept, maxBytes, parse }: Form<T>,
): Reader<T> {
  const { url: href, timeout, auth, headers, tls } = source;
  const url = new URL(href);
  const transport = transports[url.protocol];
  if (!transport)
    throw new TypeError(`${shown(url)}: ${url.protocol} is not one of ${Object.keys(transports).join(' ')}`);
  const open = (): Reader<T> => {
    const reader = transport(url, { timeout, accept, maxBytes, access: { auth, headers, tls } });
    return {
      async read(signal) {
        const answer = await reader.read(signal);
        return locating(shown(url), () => concealing(answer, withoutSecrets, parse));
      },
      close: () => reader.close(),
    };
  };
  const key = `${kind} ${JSON.stringify([href, timeout, auth, headers, tls])}`;
  return gateways.shared(key, () => new SharedReader(`read ${shown(url)}`, open)).user();
}
