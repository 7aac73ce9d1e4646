import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Verify } from './basic-auth.ts';
import type { Comparison } from './bcrypt-worker.ts';

/** Compares passwords in a thread of its own, which starts with the first one and does not keep the process alive. */
export function bcryptVerifier(): Verify {
  let worker: Worker | null = null;
  return async (password, hash) => {
    worker ??= new Worker(new URL('./bcrypt-worker.ts', import.meta.url));
    worker.unref();
    worker.postMessage({ password, hash } satisfies Comparison, []);
    try {
      const [right]: unknown[] = await once(worker, 'message');
      return right === true;
    } catch (error) {
      worker = null; // the thread died; the next comparison starts another
      throw error;
    }
  };
}
