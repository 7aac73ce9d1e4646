import { ReadError, type Reader } from './read/reader.ts';

/** A reader that is told to give up has this long to say so in its own words, ms. */
const GRACE_MS = 1000;

/**
 * Reads within an interval. A reader gives up when it is told to; one that does not is left behind, so that no source
 * can hold its place on the timetable for ever.
 * @throws ReadError, and whatever else the reader throws
 */
export async function readInTime<T>(
  reader: Reader<T>,
  { everyMs, stop }: { readonly everyMs: number; readonly stop: AbortSignal },
): Promise<T> {
  const end = new AbortController();
  const giveUp = (): void => end.abort();
  const deadline = setTimeout(giveUp, everyMs);
  stop.addEventListener('abort', giveUp, { once: true });
  let grace: NodeJS.Timeout | undefined;
  const left = new Promise<never>((_, reject) => {
    end.signal.addEventListener('abort', () => {
      const error = new ReadError('timeout', `given up after ${everyMs} ms, and the reader did not end by itself`);
      grace = setTimeout(reject, GRACE_MS, error);
    });
  });
  try {
    return await Promise.race([reader.read(end.signal), left]);
  } finally {
    clearTimeout(deadline);
    clearTimeout(grace);
    stop.removeEventListener('abort', giveUp);
  }
}
