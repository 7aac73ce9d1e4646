import type { Text } from '../../model/text.ts';
import type { Change } from './difference.ts';
import type { Line } from './line.ts';
import type { Live } from './live.ts';
import type { Observed } from './observe.ts';

/** How the change of one kind is told. Whatever a row says nothing of is counted by its kind. */
export interface Telling {
  readonly tell?: (change: Change, observed: Observed) => readonly Line[];
}
export type Tell = NonNullable<Telling['tell']>;

export const same = (text: string): Text => ({ zh: text, en: text });

/** `where: +new −gone`; undefined where both hold the same. */
export function listed(where: string, before: readonly string[], after: readonly string[]): string | undefined {
  const more = after.filter((one) => !before.includes(one)).map((one) => `+${one}`);
  const less = before.filter((one) => !after.includes(one)).map((one) => `−${one}`);
  return more.length + less.length > 0 ? `${where}: ${[...more, ...less].join(' ')}` : undefined;
}

export const place = ({ metadata: { name, namespace: at } }: Live): string =>
  at === undefined ? name : `${at}/${name}`;
