import type { Observed } from '../change/observe.ts';
import { Stop } from '../say.ts';

/** What a cluster has no kinds for would end a deploy half-way. Throws Stop where any project is not installed. */
export function requireInstalled(observed: readonly Observed[]): void {
  const missing = observed.flatMap((one) => one.missing);
  if (missing.length === 0) return;
  throw new Stop({
    zh: `${missing.map(({ zh }) => zh).join('\n')}\n未作任何改动`,
    en: `${missing.map(({ en }) => en).join('\n')}\nNothing was changed`,
  });
}
