import type { DeclaredStack } from '../declared.ts';

const ids = (declared: readonly DeclaredStack[]): string[] => declared.map(({ id }) => id);

/** The stacks that each verb means where none is named, one list for each run of cdktf: its diff takes one stack. */
export const verbs: Readonly<Record<string, (declared: readonly DeclaredStack[]) => string[][]>> = {
  deploy: (declared) => [ids(declared)],
  diff: (declared) => ids(declared).map((id) => [id]),
  // Terraform would refuse to destroy a ledger, and stop half-way.
  destroy: (declared) => [ids(declared.filter(({ stack }) => !stack.keep))],
};
