import { MOST_DIGITS } from '../../../model/rational.ts';
import { ReadError } from '../reader.ts';

/** The characters that carry the grammar. */
export const char = { quote: 34, hash: 35, comma: 44, equals: 61, open: 123, close: 125 } as const;
const [TAB, LF, CR, SPACE, PLUS, MINUS, DOT, BACKSLASH, LOWER_E] = [9, 10, 13, 32, 43, 45, 46, 92, 101] as const;

/** Classes of ASCII characters; other characters are legal inside quotes and comments only. */
const [NAME_START, NAME, LABEL_START, LABEL, DIGIT] = [1, 2, 4, 8, 16] as const;
const classes = Uint8Array.from({ length: 128 }, (_, code) => {
  const letter = String.fromCharCode(code);
  if (letter === ':') return NAME_START | NAME;
  if (/[0-9]/.test(letter)) return NAME | LABEL | DIGIT;
  return /[a-zA-Z_]/.test(letter) ? NAME_START | NAME | LABEL_START | LABEL : 0;
});

/** What Go's ParseFloat, and so Prometheus, takes for a float beside decimal numbers, in lower case. */
const notFinite = new Set(['nan', ...['', '+', '-'].flatMap((sign) => [`${sign}inf`, `${sign}infinity`])]);

/** V8 keeps a slice of 13 characters or more as a view, which would hold the whole text as long as one label lives. */
const copy = (slice: string) => (slice.length < 13 ? slice : ` ${slice}`.slice(1));

/** Infinity where there is none. */
function indexOf(text: string, wanted: string, from: number): number {
  const at = text.indexOf(wanted, from);
  return at < 0 ? Infinity : at;
}

/**
 * A cursor over exposition text. Each method takes one token and moves on, or fails with the line's number and text.
 * Words are compared with a guess (the word at this place in the line before), which saves most of the copies.
 */
export class ExpositionLexer {
  readonly text: string;
  position = 0;
  /** The next of its kind, looked up again when the cursor has passed it: most texts hold no backslash at all. */
  #backslash = -1;
  #lineFeed = -1;

  constructor(text: string) {
    this.text = text;
  }

  next(code: number): boolean {
    return this.text.charCodeAt(this.position) === code;
  }

  take(code: number): boolean {
    if (!this.next(code)) return false;
    this.position++;
    return true;
  }

  /** Takes spaces and tabs; false where there are none. */
  blanks(): boolean {
    const from = this.position;
    while (this.next(SPACE) || this.next(TAB)) this.position++;
    return this.position > from;
  }

  /** Takes the end of a line: LF, CRLF or the end of the text. */
  lineEnd(): boolean {
    const { text, position } = this;
    const at = this.next(CR) ? position + 1 : position;
    if (at < text.length && text.charCodeAt(at) !== LF) return false;
    this.position = Math.min(at + 1, text.length);
    return true;
  }

  /** The rest of the line, without its end. */
  line(): string {
    const from = this.position;
    const end = this.text.indexOf('\n', from);
    this.position = end < 0 ? this.text.length : end + 1;
    return this.text.slice(from, end < 0 ? undefined : end);
  }

  /** '' where no metric name begins here. */
  metricName(guess: string): string {
    return this.#word(NAME_START, NAME, guess);
  }

  /** '' where no label name begins here. */
  labelName(guess: string): string {
    return this.#word(LABEL_START, LABEL, guess);
  }

  /** A text in quotes. An escape other than \\ \" \n stays as it is, as in Prometheus. '' where not wanted. */
  quoted(wanted = true): string {
    if (!this.take(char.quote)) this.fail('expected a text in quotes');
    const { text, position: from } = this;
    if (this.#backslash < from) this.#backslash = indexOf(text, '\\', from);
    let end = indexOf(text, '"', from);
    const escaped = this.#backslash < end;
    if (escaped) {
      for (end = from; end < text.length && text.charCodeAt(end) !== char.quote; end++) {
        if (text.charCodeAt(end) === BACKSLASH) end++;
      }
    }
    if (this.#lineFeed < from) this.#lineFeed = indexOf(text, '\n', from);
    if (end >= Math.min(this.#lineFeed, text.length)) this.fail('a text in quotes does not end on its line');
    this.position = end + 1;
    if (!wanted) return '';
    const raw = text.slice(from, end);
    return escaped ? raw.replace(/\\([\\"n])/g, (_, c: string) => (c === 'n' ? '\n' : c)) : copy(raw);
  }

  /** A number's text as it stands: decimal with or without exponent, NaN or an infinity in any spelling. */
  number(what: string): string {
    const from = this.position;
    const end = this.#decimal(from);
    const token = this.#token(end, what);
    if (end === from || token.length > end - from) {
      if (!notFinite.has(token.toLowerCase())) this.fail(`expected ${what}`);
    }
    return token;
  }

  /** A whole number's text. */
  integer(what: string): string {
    const from = this.#sign(this.position);
    const end = this.#digits(from);
    const token = this.#token(end, what);
    if (end === from || this.position > end) this.fail(`expected ${what}`);
    return token;
  }

  fail(what: string): never {
    const begin = this.position === 0 ? 0 : this.text.lastIndexOf('\n', this.position - 1) + 1;
    let number = 1;
    for (let at = this.text.indexOf('\n'); at >= 0 && at < begin; at = this.text.indexOf('\n', at + 1)) number++;
    this.position = begin;
    throw new ReadError('protocol', `line ${number}: ${what}: ${JSON.stringify(this.line().slice(0, 120))}`);
  }

  #word(first: number, rest: number, guess: string): string {
    const { text, position: from } = this;
    const end = from + guess.length;
    if (end > from && text.startsWith(guess, from) && !this.#is(rest, end)) {
      this.position = end;
      return guess;
    }
    if (!this.#is(first, from)) return '';
    while (this.#is(rest, this.position)) this.position++;
    return copy(text.slice(from, this.position));
  }

  /** All that stands before the next blank or line end, a number's length at most; `from` is a place inside it. */
  #token(from: number, what: string): string {
    const { text, position } = this;
    let at = from;
    while (at < text.length && text.charCodeAt(at) > SPACE) at++;
    if (at - position > MOST_DIGITS) this.fail(`expected ${what} of at most ${MOST_DIGITS} characters`);
    this.position = at;
    return copy(text.slice(position, at));
  }

  /** Where the decimal number ends that begins at `from`; `from` itself where none does. */
  #decimal(from: number): number {
    const whole = this.#sign(from);
    let at = this.#digits(whole);
    let digits = at - whole;
    if (this.text.charCodeAt(at) === DOT) {
      const fraction = at + 1;
      at = this.#digits(fraction);
      digits += at - fraction;
    }
    if (digits === 0 || (this.text.charCodeAt(at) | 0x20) !== LOWER_E) return digits === 0 ? from : at;
    const exponent = this.#sign(at + 1);
    const end = this.#digits(exponent);
    return end === exponent ? from : end;
  }

  #sign(at: number): number {
    const code = this.text.charCodeAt(at);
    return code === PLUS || code === MINUS ? at + 1 : at;
  }

  #digits(from: number): number {
    let at = from;
    while (this.#is(DIGIT, at)) at++;
    return at;
  }

  #is(wanted: number, at: number): boolean {
    const code = this.text.charCodeAt(at);
    return code < 128 && (classes[code]! & wanted) !== 0;
  }
}
