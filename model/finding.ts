import type { Language, Text } from './text.ts';
import { messages, type Code, type Params } from './messages.ts';

/** Where in the declaration something stands. */
export interface Place {
  /** relative to the working directory */
  readonly file: string;
  /** counted from 1 */
  readonly line: number;
  readonly column: number;
  /** e.g. pools[0].accelerator; '' for the file itself */
  readonly path: string;
  /** the value as written; null where it is a mapping, a list or absent */
  readonly value: string | null;
}

/** One thing that is wrong with the declaration; `formatFinding` says it in words. */
export interface Finding extends Place {
  readonly code: Code;
  readonly params: Readonly<Record<string, string | number | Text>>;
  /** the nearest name that would be right */
  readonly suggestion?: string;
}

/** The message's {places} are checked against the code by the compiler. */
export function finding<C extends Code>(place: Place, code: C, params: Params<C>, suggestion?: string): Finding {
  return { ...place, code, params, suggestion };
}

const HINT: Text = { zh: '；是不是 "{suggestion}"？', en: '; did you mean "{suggestion}"?' };

function fill(template: string, params: Finding['params'], language: Language): string {
  return template.replace(/\{(\w+)\}/g, (place, name: string) => {
    const param = params[name];
    return param === undefined ? place : typeof param === 'object' ? param[language] : String(param);
  });
}

/** One line, as compilers print it: plan/estate.yaml:31:15: pools[0].accelerator "nvidia-a80": unknown id; … */
export function formatFinding(found: Finding, language: Language): string {
  const { file, line, column, path, value, code, params, suggestion } = found;
  const subject = [path, value].filter(Boolean).join(' ');
  const hint = suggestion === undefined ? '' : fill(HINT[language], { suggestion }, language);
  return `${file}:${line}:${column}: ${subject && `${subject}: `}${fill(messages[code][language], params, language)}${hint}`;
}
