import { once } from 'node:events';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Verify } from './basic-auth.ts';
import type { Comparison } from './bcrypt-worker.ts';

/** Beside this file and with its ending: .ts in the repository, .mjs in what ships. */
const workerFile = new URL(`./bcrypt-worker${extname(import.meta.url)}`, import.meta.url);

/** Compares passwords in a thread of its own, which starts with the first one and does not keep the process alive. */
export function bcryptVerifier(): Verify {
  let worker: Worker | null = null;
  return async (password, hash) => {
    worker ??= new Worker(workerFile);
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
