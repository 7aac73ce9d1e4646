import { styleText } from 'node:util';
import { terminalLanguage } from './terminal-language.ts';
import type { Language, Text } from './text.ts';

/** One thing that is wrong and what to do about it. */
export interface Trouble {
  readonly what: Text;
  /** A file and line, an object, an address: where to look. @default nowhere in particular */
  readonly where?: string;
  readonly todo: Text;
}

/** What a check came to: all is well (and what was seen), something is wrong, or nothing can be told and why. */
export type Outcome =
  | { readonly ok: Text; readonly troubles?: undefined }
  | { readonly troubles: readonly Trouble[]; readonly ok?: undefined }
  | { readonly unknown: Text; readonly ok?: undefined; readonly troubles?: undefined };

/** A question to the surroundings, asked in `context`. */
export interface Checkup<Context> {
  readonly name: Text;
  readonly run: (context: Context) => Outcome | Promise<Outcome>;
  /** true: where it does not find all well, those after it cannot be asked */
  readonly decisive?: boolean;
}

/** The troubles, or that there are none. */
export const unless = (troubles: readonly Trouble[], ok: Text): Outcome =>
  troubles.length > 0 ? { troubles } : { ok };

export interface Tally {
  ok: number;
  troubles: number;
  unknown: number;
}
export const tally = (): Tally => ({ ok: 0, troubles: 0, unknown: 0 });

const WORDS = {
  unknown: { zh: '无法判断：', en: 'cannot be told: ' },
  rest: {
    zh: '其余 {rest} 项无法判断，要先解决上面的问题',
    en: 'the other {rest} cannot be told before that is mended',
  },
  end: {
    zh: '{troubles} 个问题，{unknown} 项无法判断，{ok} 项正常',
    en: '{troubles} to mend, {unknown} cannot be told, {ok} well',
  },
} as const;

const NOTHING: Text = { zh: '', en: '' };

/** Columns on a terminal: ideographs and full-width signs take two. */
const width = (text: string): number =>
  Array.from(text).reduce(
    (sum, sign) =>
      sum +
      (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(sign)
        ? 2
        : 1),
    0,
  );
const padded = (text: string, to: number): string => text + ' '.repeat(Math.max(0, to - width(text)));

/** Asks one after the other and prints each as it is answered; what a check throws is 'cannot be told'. */
export async function ask<C>(title: string, checks: readonly Checkup<C>[], context: C, count: Tally): Promise<void> {
  const language = terminalLanguage();
  const column = Math.max(...checks.map(({ name }) => width(name[language])));
  const line = (sign: string, name: string, said: string) => console.log(`  ${sign} ${padded(name, column)}  ${said}`);
  console.log(styleText('bold', title));
  // Each waits for servers most of its time: all up to the next decisive one are asked at once.
  const asked: Promise<Outcome>[] = [];
  for (const [i, { name, decisive }] of checks.entries()) {
    if (asked.length === i) {
      const end = checks.findIndex((check, j) => j >= i && check.decisive);
      asked.push(...checks.slice(i, end < 0 ? undefined : end + 1).map(({ run }) => answer(run, context)));
    }
    const outcome = (await asked[i]) ?? { unknown: NOTHING };
    if (outcome.ok) {
      count.ok += 1;
      line(styleText('green', '✓'), name[language], outcome.ok[language]);
      continue;
    }
    if (outcome.troubles) {
      count.troubles += outcome.troubles.length;
      console.log(`  ${styleText('red', '✗')} ${name[language]}`);
      for (const trouble of outcome.troubles) tell(trouble, language);
    } else {
      count.unknown += 1;
      line(styleText('yellow', '?'), name[language], `${WORDS.unknown[language]}${outcome.unknown[language]}`);
    }
    if (!decisive) continue;
    const rest = checks.length - i - 1;
    count.unknown += rest;
    console.log(`  ${styleText('yellow', '?')} ${WORDS.rest[language].replace('{rest}', String(rest))}`);
    break;
  }
  console.log('');
}

function tell({ what, where, todo }: Trouble, language: Language): void {
  const place = where === undefined ? '' : `${styleText('dim', `${where}:`)} `;
  console.log(`      ${place}${what[language]}`);
  console.log(`      ${styleText('cyan', '→')} ${todo[language]}`);
}

async function answer<C>(run: Checkup<C>['run'], context: C): Promise<Outcome> {
  try {
    return await run(context);
  } catch (error) {
    // The commands' own ends say it in both languages.
    const text = error instanceof Error && 'text' in error ? (error.text as Text) : undefined;
    const message = error instanceof Error ? error.message : String(error);
    return { unknown: text ?? { zh: message, en: message } };
  }
}

/** The last line, and the code that the program ends with: 3 with anything to mend, 0 without. */
export function conclude(count: Tally): 0 | 3 {
  const said = WORDS.end[terminalLanguage()].replaceAll(/\{(\w+)\}/g, (_, key: string) =>
    String(count[key as keyof Tally]),
  );
  console.log(styleText(count.troubles > 0 ? 'red' : 'green', said));
  return count.troubles > 0 ? 3 : 0;
}
