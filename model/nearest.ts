/** Edit distance (insert, delete, replace), the row-by-row form of Wagner and Fischer. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/**
 * The candidate that was probably meant: the shortest one that continues the word, else the one with the fewest edits,
 * as long as these touch no more than a third of it. undefined where nothing comes near.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestScore = Infinity;
  for (const candidate of candidates) {
    const most = Math.ceil(Math.max(word.length, candidate.length) / 3);
    const continues = word.length >= 3 && candidate.startsWith(word);
    // Most candidates are ruled out by their length.
    if (!continues && Math.abs(word.length - candidate.length) > most) continue;
    const edits = continues ? candidate.length / 1000 : distance(word, candidate);
    if (edits < bestScore && edits <= most) [best, bestScore] = [candidate, edits];
  }
  return best;
}

const MOST = 12;

/** Known names as a message shows them. */
export const known = (names: readonly string[]): string =>
  names.length > MOST ? `${names.slice(0, MOST).join(', ')}, … (${names.length})` : names.join(', ');
