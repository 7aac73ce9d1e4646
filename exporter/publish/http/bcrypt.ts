import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Verify } from './basic-auth.ts';

/** Whether a bcrypt verifier is installed. */
export function hasBcrypt(): boolean {
  try {
    import.meta.resolve('bcryptjs');
    return true;
  } catch {
    return false;
  }
}

/** Compares passwords in a thread of its own, which starts with the first one and does not keep the process alive. */
export function bcryptVerifier(): Verify {
  let worker: Worker | null = null;
  return async (password, hash) => {
    worker ??= new Worker(new URL('./bcrypt-worker.ts', import.meta.url));
    worker.unref();
    worker.postMessage({ password, hash });
    const [right]: unknown[] = await once(worker, 'message');
    return right === true;
  };
}
