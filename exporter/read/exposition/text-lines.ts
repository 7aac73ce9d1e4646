/** Encodings of files that people export: an older Excel in China writes GBK, its "Unicode text" is UTF-16. */
export const encodings = ['utf-8', 'utf-16le', 'utf-16be', 'gb18030'] as const;
export type Encoding = (typeof encodings)[number];

export type Chunks = Iterable<Uint8Array>;

function isUtf8(chunks: Chunks): boolean {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for (const chunk of chunks) decoder.decode(chunk, { stream: true });
    decoder.decode();
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

/** By the byte order mark, else by the zero byte beside an ASCII letter; what is no UTF-8 is taken for GB18030, which GBK is a part of. */
export function detectEncoding(chunks: () => Chunks): Encoding {
  const head: number[] = [];
  for (const chunk of chunks()) {
    head.push(...chunk.subarray(0, 2));
    if (head.length >= 2) break;
  }
  const [a, b] = head;
  if ((a === 0xff && b === 0xfe) || (a !== 0 && b === 0)) return 'utf-16le';
  if ((a === 0xfe && b === 0xff) || (a === 0 && b !== undefined)) return 'utf-16be';
  return isUtf8(chunks()) ? 'utf-8' : 'gb18030';
}

interface TextLine {
  /** counted from 1 */
  readonly line: number;
  readonly text: string;
  /** false: the file stops before a line end */
  readonly ended: boolean;
}

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
    rest = lines.pop() ?? '';
    for (const text of lines) yield whole(text);
  }
  rest += decoder.decode();
  if (rest !== '') yield { ...whole(rest), ended: false };
}
