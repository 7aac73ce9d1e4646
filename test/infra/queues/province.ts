import { readFileSync } from 'node:fs';
import { planFolder } from '../../plan-folder.ts';

/** The estate that the chapter of scheduling goes through. */
export const province = readFileSync('docs/scheduling/estate.yaml', 'utf8');

/** Calls `use` with a folder that holds the shipped declaration and this estate. */
export function inFolder<T>(estate: string, use: (dir: string) => T): T {
  const { dir, remove } = planFolder(estate);
  try {
    return use(dir);
  } finally {
    remove();
  }
}
