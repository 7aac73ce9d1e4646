import type { Text } from '../../model/text.ts';

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
