import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where the script lies that recomputes an audit file: beside the bundle, and in the repository among the tests. */
const places = ['verify.py', '../../../test/verify/greenflops_verify.py'];

export function verifierPath(): string {
  const paths = places.map((place) => fileURLToPath(new URL(place, import.meta.url)));
  const found = paths.find((path) => existsSync(path));
  if (found === undefined) throw new Error(`the verifier is not there: looked for ${paths.join(' and ')}`);
  return found;
}

export const verifier = (): Buffer => readFileSync(verifierPath());
