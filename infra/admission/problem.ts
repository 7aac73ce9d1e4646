import type { Text } from '../../model/text.ts';

/** What an API server would refuse: the field, and the rule that it breaks. */
export interface Problem {
  /** '' for the object itself */
  readonly path: string;
  readonly detail: Text;
}

/** Where the checks put what they find. */
export interface Verdict {
  readonly problems: Problem[];
  /** Rules that nothing here can decide, each with its reason: never passed over in silence */
  readonly unchecked: Map<string, Text>;
}

export const quoted = (value: unknown): string => JSON.stringify(value) ?? String(value);
