import type { Language, Text } from '../../model/text.ts';

/** The language of the terminal: GREENFLOPS_LANG, else the locale; English where neither says. */
export function terminalLanguage(environment: NodeJS.ProcessEnv = process.env): Language {
  const locale =
    environment['GREENFLOPS_LANG'] || environment['LC_ALL'] || environment['LC_MESSAGES'] || environment['LANG'];
  return locale?.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

/** Exit codes of every command. */
export const exits = { ok: 0, runtime: 1, declaration: 2, findings: 3 } as const;

/** An end that is no crash: the text is for the user, the code for the shell. */
export class Exit extends Error {
  override name = 'Exit';
  readonly code: number;
  readonly text: Text;
  constructor(code: number, text: Text) {
    super(text.en);
    this.code = code;
    this.text = text;
  }
}
