import { parseDecimal, rational, type Rational } from '../../../model/rational.ts';
import { ReadError } from '../reader.ts';
import type { Hide } from '../transport/secrets.ts';
import { describeJson, JsonNumber, withoutSecrets, type Json } from './json-document.ts';

/** A number of seconds since 1970 is below, of milliseconds above, from March 1973 to the year 5138. */
const FIRST_MILLISECONDS = 100_000_000_000n;

/** The value's text, as evidence. @param hide takes out what was sent in confidence */
export const wireOf = (value: Json, hide: Hide = (text) => text): string =>
  (value instanceof JsonNumber ? hide(value.text) : JSON.stringify(withoutSecrets(value, hide))).slice(0, 120);

/**
 * The exact number that a value is: a JSON number, or a string that is a decimal number. null where it is none: null,
 * "", "N/A", "NaN", what no double holds.
 * @throws ReadError 'protocol' where no number can stand: an object, a list, true or false
 */
export function numberIn(value: Json): Rational | null {
  const text = value instanceof JsonNumber ? value.text : value;
  if (text !== null && typeof text !== 'string')
    throw new ReadError('protocol', `${describeJson(value)} instead of a number`);
  return text === null ? null : parseDecimal(text.trim());
}

const DATE_TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?) ?(?:(Z)|([+-]\d\d):?(\d\d))$/i;

/** An ISO 8601 date-time with its zone as Unix ms; null where the text is none. Without a zone it names no instant. */
export function dateTime(text: string): number | null {
  const [, date, time, utc, hours, minutes] = DATE_TIME.exec(text) ?? [];
  const at = Date.parse(`${date}T${time}${utc ? 'Z' : `${hours}:${minutes}`}`);
  return Number.isNaN(at) ? null : at;
}

/** A number, or a date-time as Unix ms: what tells that a counter was reset. @throws as numberIn */
export function markIn(value: Json): Rational | null {
  const at = typeof value === 'string' ? dateTime(value) : null;
  return at === null ? numberIn(value) : rational(at);
}

/**
 * When a value was acquired, Unix ms: a date-time with its zone, or seconds or milliseconds since 1970; null where
 * nothing is said (null, "").
 * @throws ReadError 'protocol': another thing than a time
 */
export function timeIn(value: Json): number | null {
  if (value === null || value === '') return null;
  const mark = markIn(value);
  if (mark === null) throw new ReadError('protocol', `${describeJson(value)} instead of a time with its zone`);
  const isMilliseconds = typeof value === 'string' && dateTime(value) !== null;
  const scale = isMilliseconds || mark.n >= FIRST_MILLISECONDS * mark.d ? 1n : 1000n;
  const ms = Number((mark.n * scale) / mark.d);
  if (!Number.isFinite(ms)) throw new ReadError('protocol', `${describeJson(value)} is no time`);
  return ms;
}
