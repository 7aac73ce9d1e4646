import { setImmediate } from 'node:timers/promises';
import { ReadError } from '../reader.ts';
import { attempt } from '../transport/attempt.ts';
import { isGone, type KubernetesConnection } from './kubernetes-connection.ts';
import { ListItems, parsed } from './list-items.ts';

/**
 * Objects a page. resourceVersion=0, an answer from the server's cache, is not asked for: with it servers give no pages,
 * and build an answer of all nodes (130 MB of 10,000) in their own memory.
 */
const PAGE = 250;
/** A list that is not cut into pages takes longer than one page of it. */
const WHOLE_LIST_TIMES = 12;
const MAX_PAGES = 20_000;
/** What has come in is worked on for so long, ms, before others have their turn: bytes that wait would follow at once. */
const SLICE_MS = 10;

interface ListOptions {
  /** e.g. /api/v1/pods */
  readonly path: string;
  readonly fieldSelector?: string;
  /** For one page, ms */
  readonly timeout: number;
  readonly signal: AbortSignal;
}

/**
 * Every object of a kind, page by page; the list is as it was when the first page was made. Where a page's token is too
 * old for the next one (410), all begins anew without pages: that answer needs no token.
 * @param begin called before the first object, and again where the list begins anew
 * @returns the resource version from which a watch goes on
 * @throws ReadError
 */
export async function listAll(
  connection: KubernetesConnection,
  options: ListOptions,
  begin: () => (object: unknown) => void,
): Promise<string> {
  try {
    return await pages(connection, options, begin(), PAGE);
  } catch (error) {
    if (!isGone(error)) throw error;
    return pages(connection, options, begin(), null);
  }
}

async function pages(
  connection: KubernetesConnection,
  { path, fieldSelector, timeout, signal }: ListOptions,
  use: (object: unknown) => void,
  limit: number | null,
): Promise<string> {
  const query = new URLSearchParams();
  if (limit !== null) query.set('limit', String(limit));
  if (fieldSelector) query.set('fieldSelector', fieldSelector);
  const deadline = limit === null ? timeout * WHOLE_LIST_TIMES : timeout;
  let version: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const where = (): string => `${connection.where(path)}, page ${page + 1}`;
    const { metadata } = await attempt({ where, timeout: deadline, signal }, async (end) => {
      const items = new ListItems();
      let began = performance.now();
      for await (const chunk of await connection.get(`${path}?${query.toString()}`, timeout, end))
        for (const item of items.push(chunk)) {
          use(parsed(item));
          if (performance.now() - began < SLICE_MS) continue;
          await setImmediate();
          began = performance.now();
        }
      return items.frame();
    });
    version ??= metadata?.resourceVersion;
    if (!version) throw new ReadError('protocol', `${where()}: no list with metadata.resourceVersion came back`);
    if (!metadata?.continue) return version;
    query.set('continue', metadata.continue);
  }
  throw new ReadError('too_large', `${connection.where(path)}: more than ${MAX_PAGES} pages`);
}
