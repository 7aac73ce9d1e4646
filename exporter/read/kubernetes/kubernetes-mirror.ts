import { setTimeout as sleep } from 'node:timers/promises';
import { ReadError } from '../reader.ts';
import { isGone, type KubernetesConnection, statusOf } from './kubernetes-connection.ts';
import { listAll } from './kubernetes-list.ts';
import { watchFrom } from './kubernetes-watch.ts';

/** What of a kind is kept. */
export interface Kind<T> {
  /** e.g. /api/v1/pods */
  readonly path: string;
  readonly fieldSelector?: string;
  /** Throws a ReadError where the object cannot be understood; null: of no interest. */
  readonly project: (object: unknown) => T | null;
}

/** Times of a mirror, ms unless named otherwise; tests have shorter ones. */
export interface Pace {
  /** A watch's length before jitter, s: it takes between this and twice this, so that many do not end together */
  readonly watchSeconds: number;
  /** Longest silence in a watch: one bookmark a minute, and half a minute of patience */
  readonly idle: number;
  /** First and longest wait after failures: the wait is anything between 0 and that, doubled each time */
  readonly backoff: readonly [first: number, longest: number];
}
export const usualPace: Pace = { watchSeconds: 240, idle: 90_000, backoff: [800, 30_000] };

/** A watch that ends sooner has served nothing. */
const BRIEF_MS = 1000;
/** More objects than any cluster holds (Kubernetes is tested to 150,000 pods). */
const MAX_OBJECTS = 500_000;

const keyOf = (object: unknown): string => {
  const { metadata } = object as { metadata?: { namespace?: string; name?: string } };
  return `${metadata?.namespace ?? ''}/${metadata?.name ?? ''}`;
};

/** One kind of a cluster's objects, listed once and followed by a watch, for as long as it is not closed. */
export class KubernetesMirror<T> {
  readonly #kind: Kind<T>;
  readonly #open: () => Promise<KubernetesConnection>;
  readonly #timeout: number;
  readonly #pace: Pace;
  readonly #stop = new AbortController();
  #running: Promise<void> | null = null;
  #version: string | null = null;
  #failures = 0;
  #turn = Promise.withResolvers<void>();

  /** null: never listed to the end */
  objects: Map<string, T> | null = null;
  /** performance.now() of the last time that the server confirmed the state */
  confirmed = -Infinity;
  /** How often the state has changed */
  changes = 0;
  /** Why the last try failed; null: none has failed since the last success */
  failure: ReadError | null = null;

  /** @param open makes a connection with the credentials of now. @param timeout for a page and for a watch's beginning, ms */
  constructor(kind: Kind<T>, open: () => Promise<KubernetesConnection>, timeout: number, pace: Pace) {
    this.#kind = kind;
    this.#open = open;
    this.#timeout = timeout;
    this.#pace = pace;
  }

  /** Begins to follow, where it does not yet; resolves when it was listed, or when the next try has failed. */
  async begun(): Promise<void> {
    this.#running ??= this.#follow();
    if (this.objects === null) await this.#turn.promise;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #follow(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const began = performance.now();
      try {
        await this.#once();
        // A server that ends every watch at once is not asked tens of times a second.
        this.#failures = performance.now() - began < BRIEF_MS ? this.#failures + 1 : 0;
      } catch (error) {
        if (signal.aborted) return;
        if (isGone(error)) this.#version = null;
        else
          this.failure =
            error instanceof ReadError ? error : new ReadError('protocol', String(error), { cause: error });
        this.#failures += 1;
        this.#settle();
        await this.#pause(statusOf(error)?.retryAfter ?? 0);
        continue;
      }
      if (this.#failures > 0) await this.#pause(0);
    }
  }

  /** A list where none is known that could be gone on from, then a watch. */
  async #once(): Promise<void> {
    const connection = await this.#open();
    const { path, fieldSelector } = this.#kind;
    const { signal } = this.#stop;
    try {
      if (this.#version === null) {
        const options = { path, fieldSelector, timeout: this.#timeout, signal };
        let objects = new Map<string, T>();
        this.#version = await listAll(connection, options, () => {
          objects = new Map();
          return (object) => this.#put(objects, object);
        });
        this.objects = objects;
        this.confirmed = performance.now();
        this.changes += 1;
        this.#settle();
      }
      const { watchSeconds, idle } = this.#pace;
      const seconds = Math.ceil(watchSeconds * (1 + Math.random()));
      await watchFrom(connection, { path, fieldSelector, version: this.#version, seconds, idle, signal }, this.#use());
    } finally {
      await connection.close();
    }
  }

  #use() {
    const objects = this.objects ?? new Map<string, T>();
    return {
      changed: (object: unknown) => {
        this.#put(objects, object);
        this.changes += 1;
      },
      deleted: (object: unknown) => {
        if (objects.delete(keyOf(object))) this.changes += 1;
      },
      reached: (version: string) => {
        this.#version = version;
        this.confirmed = performance.now();
        this.failure = null;
      },
    };
  }

  #put(objects: Map<string, T>, object: unknown): void {
    const kept = this.#kind.project(object);
    if (kept === null) objects.delete(keyOf(object));
    else objects.set(keyOf(object), kept);
    if (objects.size > MAX_OBJECTS)
      throw new ReadError('too_large', `${this.#kind.path}: more than ${MAX_OBJECTS} objects`);
  }

  /** Wakes whoever waits for the list, or for the news that there is none. */
  #settle(): void {
    this.#turn.resolve();
    this.#turn = Promise.withResolvers();
  }

  /** Exponential, with full jitter: many that lost the same server do not come back together. */
  async #pause(atLeast: number): Promise<void> {
    const [first, longest] = this.#pace.backoff;
    const most = Math.min(longest, first * 2 ** Math.min(this.#failures, 20));
    await sleep(Math.max(atLeast, Math.random() * most), undefined, { signal: this.#stop.signal }).catch(() => {});
  }
}
