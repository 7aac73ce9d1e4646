import { isDeepStrictEqual } from 'node:util';
import type { Text } from '../../model/text.ts';
import { rules } from './rules.ts';
import { quoted, type Verdict } from './problem.ts';
import { at, isFields, own, under, type Fields, type Schema } from './schema.ts';
import { numberFaults, textFaults } from './scalars.ts';

/** Judges a value, whose defaults are filled in, by its schema and all below it. */
export function walk(value: unknown, schema: Schema, verdict: Verdict, path = ''): void {
  const refuse = (detail: Text, where = path) => void verdict.problems.push({ path: where, detail });
  if (value === null && schema.nullable) return;
  const wanted = typeFault(value, schema);
  if (wanted)
    return refuse({
      zh: `应为 ${wanted}，实为 ${quoted(value)}`,
      en: `must be of type ${wanted}, not ${quoted(value)}`,
    });
  if (schema.enum && !schema.enum.some((one) => isDeepStrictEqual(one, value))) {
    const allowed = schema.enum.map(quoted);
    refuse({
      zh: `${quoted(value)} 不在允许值之内：${allowed.join('、')}`,
      en: `${quoted(value)} must be one of ${allowed.join(', ')}`,
    });
  }
  if (typeof value === 'string') textFaults(value, schema, verdict, path);
  else if (typeof value === 'number') numberFaults(value, schema, verdict, path);
  else if (Array.isArray(value)) list(value, schema, verdict, path);
  else if (isFields(value)) fields(value, schema, verdict, path);
  combined(value, schema, verdict, path);
  rules(value, schema, verdict, path);
}

const OF: Readonly<Record<string, (value: unknown) => boolean>> = {
  object: isFields,
  array: Array.isArray,
  string: (value) => typeof value === 'string',
  integer: Number.isInteger,
  number: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
};

/** The type that the schema asks for, where the value is of another. */
function typeFault(value: unknown, schema: Schema): string | undefined {
  if (schema['x-kubernetes-int-or-string'])
    return Number.isInteger(value) || typeof value === 'string' ? undefined : 'integer/string';
  const { type } = schema;
  if (type === undefined) return undefined;
  return OF[type]?.(value) ? undefined : type;
}

function list(value: readonly unknown[], schema: Schema, verdict: Verdict, path: string): void {
  const refuse = (detail: Text, where = path) => void verdict.problems.push({ path: where, detail });
  const { minItems = 0, maxItems = Infinity, items } = schema;
  if (value.length > maxItems)
    refuse({ zh: `${value.length} 项，最多 ${maxItems} 项`, en: `${value.length} items, at most ${maxItems}` });
  if (value.length < minItems)
    refuse({ zh: `${value.length} 项，至少 ${minItems} 项`, en: `${value.length} items, at least ${minItems}` });
  const kind = schema['x-kubernetes-list-type'];
  const keys = schema['x-kubernetes-list-map-keys'] ?? [];
  const keyOf = (item: unknown): unknown =>
    kind === 'map' ? keys.map((key) => (isFields(item) ? own(item, key) : undefined)) : item;
  if (kind === 'map' || kind === 'set' || schema.uniqueItems)
    for (const [i, item] of value.entries()) {
      const twin = value.findIndex((other) => isDeepStrictEqual(keyOf(other), keyOf(item)));
      if (twin === i) continue;
      const by = kind === 'map' ? keys.join(', ') : '';
      refuse(
        {
          zh: `与第 ${twin} 项重复${by && `（键：${by}）`}`,
          en: `duplicate of item ${twin}${by && ` (by its ${by})`}`,
        },
        at(path, i),
      );
    }
  if (items) for (const [i, item] of value.entries()) walk(item, items, verdict, at(path, i));
}

function fields(value: Fields, schema: Schema, verdict: Verdict, path: string): void {
  const refuse = (detail: Text, where = path) => void verdict.problems.push({ path: where, detail });
  const { minProperties = 0, maxProperties = Infinity, required = [] } = schema;
  const names = Object.keys(value);
  if (names.length > maxProperties)
    refuse({
      zh: `${names.length} 个键，最多 ${maxProperties} 个`,
      en: `${names.length} keys, at most ${maxProperties}`,
    });
  if (names.length < minProperties)
    refuse({
      zh: `${names.length} 个键，至少 ${minProperties} 个`,
      en: `${names.length} keys, at least ${minProperties}`,
    });
  for (const key of required)
    if (own(value, key) === undefined) refuse({ zh: '必填字段缺失', en: 'required field is missing' }, at(path, key));
  for (const [key, child] of Object.entries(value)) {
    const known = under(schema, key);
    if (known && child !== undefined) walk(child, known, verdict, at(path, key));
  }
}

/** allOf, anyOf, oneOf, not: they repeat or narrow what stands beside them. */
function combined(value: unknown, schema: Schema, verdict: Verdict, path: string): void {
  const passes = (one: Schema): boolean => {
    const trial: Verdict = { problems: [], unchecked: verdict.unchecked };
    walk(value, one, trial, path);
    return trial.problems.length === 0;
  };
  const { allOf = [], anyOf, oneOf, not } = schema;
  for (const one of allOf) walk(value, one, verdict, path);
  const refuse = (detail: Text) => void verdict.problems.push({ path, detail });
  if (anyOf && !anyOf.some(passes)) refuse({ zh: '不满足 anyOf 中任何一项', en: 'fits none of the schemas in anyOf' });
  if (oneOf && oneOf.filter(passes).length !== 1)
    refuse({ zh: '应恰好满足 oneOf 中的一项', en: 'must fit exactly one of the schemas in oneOf' });
  if (not && passes(not)) refuse({ zh: '满足了 not 中禁止的模式', en: 'fits the schema that `not` forbids' });
}
