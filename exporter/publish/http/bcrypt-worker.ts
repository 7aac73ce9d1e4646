import { parentPort } from 'node:worker_threads';

// Named by a variable, because the package is optional: without it a configuration with basic_auth_users is refused.
const library: string = 'bcryptjs';
const loaded: unknown = await import(library);

type Compare = (password: string, hash: string) => boolean;
const isBcrypt = (module: unknown): module is { readonly compareSync: Compare } =>
  typeof module === 'object' && module !== null && typeof Reflect.get(module, 'compareSync') === 'function';
if (!isBcrypt(loaded)) throw new Error(`${library} has no compareSync`);
const { compareSync } = loaded;

parentPort?.on('message', ({ password, hash }: { readonly password: string; readonly hash: string }) => {
  parentPort?.postMessage(compareSync(password, hash));
});
