import type { Format } from '../text/sample-text.ts';

/** One element of an Accept header, in lower case; q is how much it is wanted, 0-1. */
interface Wish {
  readonly name: string;
  readonly version: string | undefined;
  readonly q: number;
}

function wishes(header: string): Wish[] {
  return header
    .toLowerCase()
    .split(',')
    .map((element) => {
      const [name = '', ...rest] = element.split(';').map((part) => part.trim());
      const parameter = (key: string): string | undefined =>
        rest
          .find((part) => part.startsWith(`${key}=`))
          ?.slice(key.length + 1)
          .replaceAll('"', '');
      return { name, version: parameter('version'), q: Number(parameter('q') ?? 1) };
    })
    .filter(({ q }) => q >= 0 && q <= 1);
}

interface Offer {
  readonly format: Format;
  readonly type: string;
  readonly version: string;
}

/** In the order in which they are taken where the client has no preference. The two OpenMetrics differ in name alone. */
const TEXT: Offer = { format: 'text', type: 'text/plain', version: '0.0.4' };
const OFFERS: readonly Offer[] = [
  TEXT,
  { format: 'openmetrics', type: 'application/openmetrics-text', version: '1.0.0' },
  { format: 'openmetrics', type: 'application/openmetrics-text', version: '0.0.1' },
];

/** How closely an element names an offer: 3 with its version, 2 by its type, 1 and 0 by a wildcard, -1 not at all. */
function closeness({ type, version }: Offer, wish: Wish): number {
  if (wish.name === '*/*') return 0;
  if (wish.name === `${type.split('/')[0]}/*`) return 1;
  if (wish.name !== type || (wish.version !== undefined && wish.version !== version)) return -1;
  return wish.version === undefined ? 2 : 3;
}

/**
 * Chooses a format by the Accept header (RFC 9110, 12.5.1): of the elements that name an offer the closest decides, the
 * highest q wins, then the closest. Text 0.0.4 where nothing fits: an exposition endpoint never answers 406.
 */
export function chooseFormat(accept: string | undefined): { readonly format: Format; readonly contentType: string } {
  const wanted = wishes(accept || '*/*');
  const ranked = OFFERS.flatMap((offer) => {
    const matches = wanted.map((wish) => ({ offer, q: wish.q, close: closeness(offer, wish) }));
    return matches.filter(({ close }) => close >= 0).toSorted((a, b) => b.close - a.close)[0] ?? [];
  }).toSorted((a, b) => b.q - a.q || b.close - a.close);
  const [best] = ranked;
  const { format, type, version } = best && best.q > 0 ? best.offer : TEXT;
  return { format, contentType: `${type}; version=${version}; charset=utf-8` };
}

/** Whether the client takes gzip, and not less gladly than plain bytes (RFC 9110, 12.5.3). */
export function wantsGzip(acceptEncoding: string | undefined): boolean {
  const wanted = new Map(wishes(acceptEncoding ?? '').map(({ name, q }) => [name, q]));
  const gzip = wanted.get('gzip') ?? wanted.get('*') ?? 0;
  return gzip > 0 && gzip >= (wanted.get('identity') ?? 0);
}
