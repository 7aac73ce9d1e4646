import { ReadError } from '../reader.ts';
import { attempt } from '../transport/attempt.ts';
import { KubernetesStatus, type KubernetesConnection } from './kubernetes-connection.ts';
import { parsed } from './list-items.ts';

/** An object of etcd's 1.5 MiB, and what is around it. */
const MAX_LINE_BYTES = 8 * 2 ** 20;
const LINE_FEED = 0x0a;

interface WatchEvent {
  readonly type: string;
  readonly object: {
    readonly metadata?: { readonly resourceVersion?: string };
    readonly code?: number;
    readonly message?: string;
  };
}

interface WatchOptions {
  readonly path: string;
  readonly fieldSelector?: string;
  /** From where the watch goes on */
  readonly version: string;
  /** After which the server is to end the watch, s */
  readonly seconds: number;
  /** Longest silence, ms: bookmarks come every minute, so that a half-open connection is told from a quiet one */
  readonly idle: number;
  readonly signal: AbortSignal;
}

/** What becomes of a watch's news. */
export interface WatchUse {
  changed(object: unknown): void;
  deleted(object: unknown): void;
  /** The state is that of this version, whatever came or did not come before. */
  reached(version: string): void;
}

/**
 * Follows the changes of a kind until the server ends the watch, which is no failure.
 * @throws ReadError; isGone where the version is too old to be gone on from
 */
export async function watchFrom(
  connection: KubernetesConnection,
  { path, fieldSelector, version, seconds, idle, signal }: WatchOptions,
  use: WatchUse,
): Promise<void> {
  const query = new URLSearchParams({
    watch: '1',
    allowWatchBookmarks: 'true',
    resourceVersion: version,
    timeoutSeconds: String(seconds),
  });
  if (fieldSelector) query.set('fieldSelector', fieldSelector);
  const where = (): string => `${connection.where(path)}, watch`;
  await attempt({ where, timeout: seconds * 1000 + idle, signal }, async (end) => {
    const body = await connection.get(`${path}?${query.toString()}`, idle, end);
    use.reached(version);
    for await (const line of lines(body)) take(parsed(line) as WatchEvent, use);
  });
}

function take({ type, object }: WatchEvent, use: WatchUse): void {
  if (type === 'ERROR') throw new KubernetesStatus(object?.code ?? 500, `${object?.code}: ${object?.message}`);
  const version = object?.metadata?.resourceVersion;
  if (!version) throw new ReadError('protocol', `event ${type} of an object without resourceVersion`);
  if (type === 'DELETED') use.deleted(object);
  else if (type !== 'BOOKMARK') use.changed(object);
  use.reached(version);
}

async function* lines(body: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      parts.push(chunk.subarray(start, end));
      const line = Buffer.concat(parts).toString();
      [parts, size, start] = [[], 0, end + 1];
      if (line.trim() !== '') yield line;
    }
    if (start === chunk.length) continue;
    parts.push(chunk.subarray(start));
    size += chunk.length - start;
    if (size > MAX_LINE_BYTES) throw new ReadError('too_large', `an event of more than ${MAX_LINE_BYTES} bytes`);
  }
}
