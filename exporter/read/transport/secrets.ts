import { ReadError } from '../reader.ts';
import type { Proof } from './http-access.ts';

/** A text without what was sent in confidence: a server may repeat a request's headers or address in its answer. */
export type Hide = (text: string) => string;

const EVIDENCE_LENGTH = 200;

/** What stood on the wire, short and without what was sent in confidence. */
export const evidence = (wire: string, hide: Hide): string => hide(wire).slice(0, EVIDENCE_LENGTH);

/** Shorter words stand in every text: to hide them would hide all else, and whoever sees the gap knows them. */
const SHORTEST = 4;
/** Label values are data, not words about it: there only what is long enough to be no name is replaced. */
const SHORTEST_IN_DATA = 8;
/** A proof that was replaced may still be in an answer that is under way. */
const KEPT = 4;

const json = (text: string): string => JSON.stringify(text).slice(1, -1);
const ascii = (text: string): string =>
  text.replaceAll(/[^\x20-\x7e]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
const percent = (text: string): string => encodeURIComponent(text.toWellFormed());
const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** Ways in which a server may write a word again. */
const writings: readonly Hide[] = [
  (word) => word,
  json,
  (word) => json(word).replaceAll('/', '\\/'),
  (word) => ascii(json(word)),
  percent,
  (word) => percent(word).replaceAll(/%../g, (code) => code.toLowerCase()),
  (word) => percent(word).replaceAll('%20', '+'),
  encodeURI,
  base64,
  (word) => base64(word).replace(/=+$/, ''),
  (word) => Buffer.from(word).toString('base64url'),
  (word) => word.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
];

/** Each word in each writing, the longest first: none is left of which another one is a part. */
function pattern(words: readonly string[], shortest: number): RegExp | null {
  const long = words.map((word) => word.toWellFormed()).filter((word) => word.length >= shortest);
  const written = new Set(long.flatMap((word) => writings.map((write) => write(word))));
  if (written.size === 0) return null;
  const sorted = [...written].toSorted((a, b) => b.length - a.length);
  return new RegExp(sorted.map((one) => RegExp.escape(one)).join('|'), 'g');
}

/** What the address and the declared headers of a source hold in confidence: user, password, values of the query. */
function declaredSecrets(url: URL, headers: Readonly<Record<string, string>>): string[] {
  const user = [url.username, url.password];
  return [
    ...user,
    ...user.map(decoded),
    ...url.searchParams.values(),
    ...url.search
      .slice(1)
      .split('&')
      .map((pair) => pair.slice(pair.indexOf('=') + 1)),
    ...Object.values(headers),
  ];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The words of a proof: what stands behind the scheme, and of Basic the password in it. */
function proofSecrets({ headers, secrets = [] }: Proof): string[] {
  const words = Object.values(headers).map((value) => value.slice(value.indexOf(' ') + 1));
  const basic = /^Basic (.*)$/.exec(headers['authorization'] ?? '')?.[1];
  if (basic === undefined) return [...words, ...secrets];
  const pair = Buffer.from(basic, 'base64').toString();
  return [...words, ...secrets, pair, pair.slice(pair.indexOf(':') + 1)];
}

/** What one connection sent in confidence, so that no error, event or evidence repeats it. */
export class Secrets {
  /** Of a source to which nothing is sent. */
  static readonly none = new Secrets([]);
  readonly #declared: readonly string[];
  #proofs: string[][] = [];
  #all: RegExp | null;
  #proven: RegExp | null = null;

  constructor(declared: readonly string[]) {
    this.#declared = declared;
    this.#all = pattern(declared, SHORTEST);
  }

  static of(url: URL, headers: Readonly<Record<string, string>> = {}): Secrets {
    return new Secrets(declaredSecrets(url, headers));
  }

  /** A proof that is about to be sent. */
  learn(proof: Proof): void {
    const words = proofSecrets(proof);
    const key = words.join('\n');
    if (words.length === 0 || this.#proofs.some((known) => known.join('\n') === key)) return;
    this.#proofs = [words, ...this.#proofs].slice(0, KEPT);
    this.#all = pattern([...this.#declared, ...this.#proofs.flat()], SHORTEST);
    this.#proven = pattern(this.#proofs.flat(), SHORTEST_IN_DATA);
  }

  /** For words about an answer: errors and evidence. Before they are cut: of a cut secret a part would be left. */
  readonly hide: Hide = (text) => (this.#all === null ? text : text.replace(this.#all, '***'));

  /** For label values that go on as data: only a long password or token is replaced. */
  readonly #hideProof: Hide = (text) => (this.#proven === null ? text : text.replace(this.#proven, '***'));

  /** Whether a text repeats a long password or token. */
  isIn(text: string): boolean {
    return this.#proven !== null && text.search(this.#proven) >= 0;
  }

  /** Labels that hold no password or token: they go on into events and series. The same object where they held none. */
  hideLabels(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    if (this.#proven === null) return labels;
    for (const name in labels) {
      if (this.#hideProof(labels[name] ?? '') !== labels[name] || this.#hideProof(name) !== name)
        return Object.fromEntries(
          Object.entries(labels).map(([one, value]) => [this.#hideProof(one), this.#hideProof(value)]),
        );
    }
    return labels;
  }
}

/**
 * Does `work` with what a server answered. Where it fails, it is done again with the same answer without the secrets, and
 * that error is told: a parser quotes pieces of a text, and a piece of a secret could not be found in it any more.
 * @throws ReadError, neither it nor its causes hold a part of a secret
 */
export function concealing<A, T>(answer: A, concealed: (answer: A) => A, work: (answer: A) => T): T {
  try {
    return work(answer);
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    const other = concealed(answer);
    if (other === answer) throw error;
    const { failure } = error;
    try {
      work(other);
    } catch (told) {
      if (!(told instanceof ReadError)) throw told;
      throw new ReadError(failure, told.message, { cause: told.cause });
    }
    // not chained: its words are those that must not be told
    // oxlint-disable-next-line preserve-caught-error
    throw new ReadError(failure, 'the answer repeats a secret that was sent to it, and is not what was asked for');
  }
}
