import type { z } from 'zod';
import type { Fault } from './fault.ts';
import { knownKeys, schemaFaults } from './schema-faults.ts';
import type { Path } from './yaml-tree.ts';

/** A file by its schema. */
export interface Parsed<T> {
  /** What could be read: entries of lists that are wrong are left out, so that the others can be cross-checked. */
  readonly data?: T;
  /** The path in the file of a path in `data`. */
  readonly origin: (path: Path) => Path;
  readonly faults: Fault[];
}

/** Checks a plain value against its schema, all faults at once. */
export function parse<T>(value: unknown, schema: z.ZodType<T>): Parsed<T> {
  const whole = schema.safeParse(value, { error: knownKeys });
  if (whole.success) return { data: whole.data, origin: (path) => path, faults: [] };
  const { issues } = whole.error;
  const { rest, kept } = withoutBroken(value, issues);
  return {
    data: schema.safeParse(rest).data,
    origin: ([list, index, ...inner]) => {
      if (list === undefined || index === undefined) return list === undefined ? [] : [list];
      return [list, kept.get(list)?.[Number(index)] ?? index, ...inner];
    },
    faults: schemaFaults(issues, value),
  };
}

/** The value without the list entries and the keys that the issues name; `kept` holds the old index of each new one. */
function withoutBroken(value: unknown, issues: readonly z.core.$ZodIssue[]) {
  const kept = new Map<PropertyKey, readonly number[]>();
  if (typeof value !== 'object' || value === null) return { rest: value, kept };
  const strays = new Set(
    issues.flatMap((issue) => (issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys : [])),
  );
  const rest = Object.entries(value).flatMap(([name, list]: [string, unknown]) => {
    if (strays.has(name)) return [];
    if (!Array.isArray(list)) return [[name, list]];
    const broken = new Set(issues.map(({ path }) => (path[0] === name ? path[1] : undefined)));
    const indexes = [...list.keys()].filter((index) => !broken.has(index));
    kept.set(name, indexes);
    return [[name, indexes.map((index): unknown => list[index])]];
  });
  return { rest: { ...Object.fromEntries(rest), schema: 'greenflops/v1' }, kept };
}
