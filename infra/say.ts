import { formatFinding } from '../model/finding.ts';
import { PlanError } from '../model/plan-error.ts';
import { terminalLanguage } from '../model/terminal-language.ts';
import type { Text } from '../model/text.ts';

export const inWords = (text: Text): string => text[terminalLanguage()];

/** An end that is no crash: the text is for the user, the code for the shell. */
export class Stop extends Error {
  override name = 'Stop';
  readonly text: Text;
  readonly code: number;
  constructor(text: Text, code = 1) {
    super(text.en);
    this.text = text;
    this.code = code;
  }
}

/** Runs a program of this folder: a broken declaration ends it with all findings and code 2. */
export async function program(run: () => void | Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (error instanceof PlanError) {
      console.error(error.findings.map((found) => formatFinding(found, terminalLanguage())).join('\n'));
      process.exitCode = 2;
    } else {
      console.error(error instanceof Stop ? inWords(error.text) : error instanceof Error ? error.message : error);
      process.exitCode = error instanceof Stop ? error.code : 1;
    }
  }
}
