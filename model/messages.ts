import { entries } from './messages/entries.ts';
import { files } from './messages/files.ts';
import { meters } from './messages/meters.ts';
import { pools } from './messages/pools.ts';
import { queues } from './messages/queues.ts';
import { schemas } from './messages/schemas.ts';
import type { Text } from './text.ts';

/** What can be wrong with a declaration: one row per finding code, in both languages, with the same {places} in both. */
export const messages = { ...files, ...schemas, ...entries, ...meters, ...pools, ...queues } as const satisfies Record<
  string,
  Text
>;

export type Code = keyof typeof messages;

type Places<S extends string> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Places<Rest> : never;
type PlacesOf<C extends Code> = Places<(typeof messages)[C]['zh' | 'en']>;

/** What a message's {places} are filled with; a Text shows in the reader's language. */
export type Params<C extends Code> = Readonly<Record<PlacesOf<C>, string | number | Text>>;
/** Codes that say everything by themselves: a schema may name one as its `error`. */
export type PlainCode = { [C in Code]: [PlacesOf<C>] extends [never] ? C : never }[Code];

export const isPlainCode = (word: string): word is PlainCode =>
  Object.hasOwn(messages, word) && !messages[word as Code].en.includes('{');
