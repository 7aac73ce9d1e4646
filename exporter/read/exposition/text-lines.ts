/** Encodings of files that people export: an older Excel in China writes GBK, its "Unicode text" is UTF-16. */
export const encodings = ['utf-8', 'utf-16le', 'utf-16be', 'gb18030'] as const;
export type Encoding = (typeof encodings)[number];

export type Chunks = Iterable<Uint8Array>;

/** Tells an encoding by the bytes as they come: by the byte order mark, else by the zero byte beside an ASCII letter; what is no UTF-8 is taken for GB18030, which GBK is a part of. */
export class EncodingGuess {
  readonly #head: number[] = [];
  readonly #utf8 = new TextDecoder('utf-8', { fatal: true });
  #isUtf8 = true;

  /** Whether further bytes may change the answer. */
  push(chunk: Uint8Array): boolean {
    for (const byte of chunk.subarray(0, 2 - this.#head.length)) this.#head.push(byte);
    return this.#decodes(() => this.#utf8.decode(chunk, { stream: true })) || this.#head.length < 2;
  }

  end(): Encoding {
    const [a, b] = this.#head;
    if ((a === 0xff && b === 0xfe) || (a !== 0 && b === 0)) return 'utf-16le';
    if ((a === 0xfe && b === 0xff) || (a === 0 && b !== undefined)) return 'utf-16be';
    return this.#decodes(() => this.#utf8.decode()) ? 'utf-8' : 'gb18030';
  }

  #decodes(work: () => unknown): boolean {
    if (!this.#isUtf8) return false;
    try {
      work();
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      this.#isUtf8 = false;
    }
    return this.#isUtf8;
  }
}

/** The encoding of a file that can be read twice. */
export function detectEncoding(chunks: () => Chunks): Encoding {
  const guess = new EncodingGuess();
  for (const chunk of chunks()) if (!guess.push(chunk)) break;
  return guess.end();
}

interface TextLine {
  /** counted from 1 */
  readonly line: number;
  readonly text: string;
  /** false: the file stops before a line end */
  readonly ended: boolean;
}

/** Characters of a line that are kept: what is longer is no table's line, and would be held whole until its end. */
export const MOST_LINE = 8192;

/** Lines of a file as its bytes come, without their ends and without a byte order mark. @throws TypeError where bytes are not in the encoding */
export function* textLines(chunks: Chunks, encoding: Encoding): Iterable<TextLine> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  let line = 0;
  let rest = '';
  const whole = (text: string): TextLine => ({
    line: ++line,
    text: text.endsWith('\r') ? text.slice(0, -1) : text,
    ended: true,
  });
  for (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = (lines.pop() ?? '').slice(0, MOST_LINE + 1);
    for (const text of lines) yield whole(text.slice(0, MOST_LINE + 2));
  }
  rest += decoder.decode();
  if (rest !== '') yield { ...whole(rest), ended: false };
}
