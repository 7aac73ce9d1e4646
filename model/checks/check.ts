import type { Declared, FileKey } from '../files.ts';
import type { Fault } from '../fault.ts';
import type { Path } from '../yaml-tree.ts';

/** The declaration while it is being checked. */
export interface Draft {
  /** Every file as it was read, whatever its schema says of it; absent where it could not be read. */
  readonly raw: { readonly [K in FileKey]?: unknown };
  /** What fits its schema; entries that do not are left out. */
  readonly data: { readonly [K in FileKey]?: Declared[K] };
  /** The line on which a part of the raw file stands. */
  line(file: FileKey, path: Path): number;
}

/** A fault of one file; its path leads into `data`, or into `raw` where `raw` is true. */
export interface CrossFault {
  readonly file: FileKey;
  readonly raw?: boolean;
  readonly fault: Fault;
}

/** Something that no schema of one file can see. */
export type Check = (draft: Draft) => CrossFault[];

export interface Selected {
  readonly path: Path;
  readonly value: unknown;
}

/** All parts of a plain value that a pattern leads to: 'tenants.*.quota.*.pool', where * is each entry of a list. */
export function select(root: unknown, pattern: string): Selected[] {
  return pattern
    .split('.')
    .reduce<Selected[]>((found, step) => found.flatMap((part) => stepInto(part, step)), [{ path: [], value: root }]);
}

function stepInto({ path, value }: Selected, step: string): Selected[] {
  if (Array.isArray(value)) {
    return step === '*' ? value.map((entry: unknown, index) => ({ path: [...path, index], value: entry })) : [];
  }
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return [];
  return [{ path: [...path, step], value: Reflect.get(value, step) }];
}

/** The texts among what a pattern leads to; anything else is the schema's business. */
export const texts = (root: unknown, pattern: string): string[] =>
  select(root, pattern).flatMap(({ value }) => (typeof value === 'string' ? [value] : []));
