/** Where the two verdicts may differ, and why that is so. */
interface Known {
  readonly when: (what: string, server: string) => boolean;
  readonly why: string;
}

export const known: readonly Known[] = [];
