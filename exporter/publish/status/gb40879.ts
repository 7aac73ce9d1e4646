import { gb40879Grade, gb40879Ratio } from '../../../model/metrics/pue.ts';
import type { Text } from '../../../model/text.ts';
import { gbBases, gbGrades, sentences, wordOf } from '../words.ts';
import { ratio } from './figure.ts';
import type { Lookup } from './lookup.ts';
import { say } from './say.ts';

/** The national standard's own number, which is no PUE under another name. */
export interface Gb40879Status {
  readonly ratio: number;
  /** 1, 2, 3; 4 is above the limit of grade 3 */
  readonly grade: number;
  /** rm2: over a full year; indicative: over less */
  readonly basis: string;
  readonly text: Text;
}

/** null where a site has no such number, or is not covered. */
export function gb40879Status(lookup: Lookup, site: string): Gb40879Status | null {
  const [row] = lookup.rows(gb40879Ratio, { site });
  const grade = lookup.value(gb40879Grade, { site });
  if (row === undefined || grade === null) return null;
  const { basis } = row.labels;
  const places = {
    ratio: ratio(row.value),
    grade: wordOf(gbGrades, String(grade)),
    basis: wordOf(gbBases, basis),
  };
  return { ratio: row.value, grade, basis, text: say(sentences.gb40879, places) };
}
