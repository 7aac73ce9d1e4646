import { constants, open } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { attempt } from './attempt.ts';
import { ReadError, type Reader } from '../reader.ts';
import { Secrets } from './secrets.ts';
import { decodeText, defaultMaxBytes, type TextAnswer, type TextOptions } from './text-answer.ts';

/** Reads a text file. Its writer should write aside and rename: nothing in a file proves that its end is the end. */
export function fileText(url: URL, { timeout, maxBytes = defaultMaxBytes }: TextOptions): Reader<TextAnswer> {
  async function load(signal: AbortSignal): Promise<TextAnswer> {
    // O_NONBLOCK: opening a named pipe without a writer would never return
    const file = await open(fileURLToPath(url), constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stat = await file.stat();
      if (stat.isDirectory()) throw new ReadError('protocol', 'a directory, not a file');
      if (!stat.isFile()) throw new ReadError('protocol', 'a device or pipe, not a file');
      if (stat.size > maxBytes) throw new ReadError('too_large', `${stat.size} bytes, more than ${maxBytes}`);
      return {
        text: decodeText(await file.readFile({ signal })),
        contentType: null,
        whole: false,
        secrets: Secrets.none,
      };
    } finally {
      await file.close();
    }
  }

  const where = () => `read ${url.pathname}`;
  return {
    read: (signal) => attempt({ where, timeout, signal }, load),
    close: async () => {},
  };
}
