import type { Language } from '../../model/text.ts';
import type { LineFault } from '../read/past/energy-csv.ts';

/**
 * Faults as the terminal shows them, by file and line; neighbours that say the same share a line. With `most` the rest
 * is only counted: a file that is wrong altogether has one in each line.
 */
export function faultList(faults: readonly LineFault[], language: Language, most = Infinity): string[] {
  const sorted = faults.toSorted((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1));
  const list: string[] = [];
  for (let at = 0; at < sorted.length && list.length < most;) {
    const first = sorted[at];
    if (first === undefined) break;
    const { file, line, text } = first;
    let next = at + 1;
    while (sorted[next]?.file === file && sorted[next]?.text === text && sorted[next]?.line === line + next - at)
      next++;
    const place = next === at + 1 ? String(line) : `${line}-${line + next - at - 1}`;
    list.push(`${file}:${place}: ${text[language]}`);
    at = next;
    if (list.length === most && at < sorted.length) {
      const rest = sorted.length - at;
      list.push({ zh: `……另有 ${rest} 行`, en: `… and ${rest} more` }[language]);
    }
  }
  return list;
}
