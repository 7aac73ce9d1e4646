import type { Language } from './text.ts';

/** The language of the terminal: GREENFLOPS_LANG, else the locale; English where neither says. */
export function terminalLanguage(environment: NodeJS.ProcessEnv = process.env): Language {
  const locale =
    environment['GREENFLOPS_LANG'] || environment['LC_ALL'] || environment['LC_MESSAGES'] || environment['LANG'];
  return locale?.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}
