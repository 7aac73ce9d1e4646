import { existsSync, globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Beginnings of files that match a pattern below the repository's root; a pattern outside it may find nothing, which is said. */
export function recordings(pattern: string, most = 4096): string[] {
  const files = globSync(pattern, { cwd: root }).sort();
  if (files.length === 0) console.log(`fuzz: skipped ${pattern}: no such recordings here`);
  return files
    .map((file) => `${root}/${file}`)
    .filter((file) => existsSync(file))
    .map((file) => {
      const text = readFileSync(file, 'utf8');
      // Whole lines, so that it stays readable.
      return text.length <= most ? text : text.slice(0, text.lastIndexOf('\n', most) + 1);
    });
}
