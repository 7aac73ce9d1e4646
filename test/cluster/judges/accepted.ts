import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Finding } from './checkov.ts';

const list = z.strictObject({
  accepted: z.array(
    z.strictObject({
      check: z.string().regex(/^CKV2?_/),
      object: z.string().min(1),
      reason: z.string().min(20, 'a reason that somebody can judge'),
    }),
  ),
});
export type Accepted = z.infer<typeof list>['accepted'][number];

export const accepted = (): readonly Accepted[] =>
  list.parse(parse(readFileSync(new URL('accepted.yaml', import.meta.url), 'utf8'))).accepted;

const fits = ({ check, object }: Accepted, found: Finding): boolean =>
  check === found.check &&
  (object.endsWith('*') ? found.object.startsWith(object.slice(0, -1)) : object === found.object);

/** Fails on findings that no row accepts, and on rows that accept nothing any more. */
export function settle(rows: readonly Accepted[], found: readonly Finding[]): void {
  const open = found.filter((one) => !rows.some((row) => fits(row, one)));
  const idle = rows.filter((row) => !found.some((one) => fits(row, one)));
  assert.deepEqual(
    [
      ...open.map(({ check, object, says }) => `${check} ${object}: ${says}`),
      ...idle.map(({ check, object }) => `accepted.yaml: ${check} ${object} is found no more: take the row out`),
    ].toSorted(),
    [],
  );
}
