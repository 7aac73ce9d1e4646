import { ReadError } from '../reader.ts';
import type { Hide } from '../transport/secrets.ts';

/** Deep enough for every API; what is deeper is made to exhaust the stack. */
const MAX_DEPTH = 64;

/** A number as it is written, so that it can be read exactly. */
export class JsonNumber {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Json = null | boolean | string | JsonNumber | readonly Json[] | { readonly [name: string]: Json };

/** @throws ReadError 'protocol': no JSON, or nested deeper than 64 */
export function parseJson(text: string): Json {
  refuseDepth(text);
  try {
    return JSON.parse(text, written) as Json;
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    // V8's message holds a piece of the text
    throw new ReadError('protocol', `the text is no JSON: ${cause.message.slice(0, 200)}`, { cause });
  }
}

const written = (_: string, value: unknown, { source }: { source?: string } = {}): unknown =>
  typeof value === 'number' ? new JsonNumber(source ?? String(value)) : value;

function refuseDepth(text: string): void {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (quoted) {
      if (code === 92 /* \ */) at++;
      else if (code === 34 /* " */) quoted = false;
    } else if (code === 34) quoted = true;
    else if (code === 91 /* [ */ || code === 123 /* { */) {
      if (++depth > MAX_DEPTH) throw new ReadError('protocol', `the JSON is nested deeper than ${MAX_DEPTH}`);
    } else if (code === 93 /* ] */ || code === 125 /* } */) depth--;
  }
}

export const isObject = (value: Json | undefined): value is { readonly [name: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof JsonNumber);

/** The same document without what was sent in confidence, as it may be quoted. */
export function withoutSecrets(value: Json, hide: Hide): Json {
  if (typeof value === 'string') return hide(value);
  if (value instanceof JsonNumber) return new JsonNumber(hide(value.text));
  if (Array.isArray(value)) return (value as readonly Json[]).map((one) => withoutSecrets(one, hide));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [hide(name), withoutSecrets(one, hide)]));
}

/** What a value is, for people: short, with the names that an object has. */
export function describeJson(value: Json): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (isObject(value)) return `an object with ${namesIn(value)}`;
  return value instanceof JsonNumber ? `the number ${short(value.text)}` : short(JSON.stringify(value));
}

/** The first names of an object. */
export function namesIn(value: { readonly [name: string]: Json }): string {
  const names = Object.keys(value);
  const more = names.length > 20 ? ` and ${names.length - 20} more` : '';
  return names.length === 0 ? 'no names' : names.slice(0, 20).map(short).join(', ') + more;
}

const short = (text: string): string => (text.length > 80 ? `${text.slice(0, 80)}…` : text);
