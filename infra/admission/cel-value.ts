import { isFields, own, type Fields, type Schema } from './schema.ts';

const WORDS = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);
const IDENTIFIER = /^[A-Za-z_./-][\w./-]*$/;

/** A field's name as CEL rules of CRDs write it (kubernetes.io, "Validation rules": escaping). */
function escaped(name: string): string {
  if (WORDS.has(name)) return `__${name}__`;
  if (!IDENTIFIER.test(name)) return name;
  return name
    .replaceAll('__', '__underscores__')
    .replaceAll('.', '__dot__')
    .replaceAll('-', '__dash__')
    .replaceAll('/', '__slash__');
}

/** A value as its schema types it for CEL: whole numbers as int, times as timestamps, and no field that the schema does not know. */
export function celValue(value: unknown, schema: Schema | undefined): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => celValue(item, schema?.items));
  if (isFields(value)) return celFields(value, schema);
  if (typeof value === 'number') {
    const whole =
      schema?.type === 'integer' ||
      schema?.['x-kubernetes-int-or-string'] ||
      (!schema?.type && Number.isInteger(value));
    return whole && Number.isSafeInteger(value) ? BigInt(value) : value;
  }
  if (typeof value === 'string' && schema?.format === 'date-time') return new Date(value);
  return value;
}

function celFields(value: Fields, schema: Schema | undefined): Fields {
  const { properties, additionalProperties } = schema ?? {};
  const open = !schema || schema['x-kubernetes-preserve-unknown-fields'] || additionalProperties !== undefined;
  const of = typeof additionalProperties === 'object' ? additionalProperties : undefined;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, child]): [string, unknown][] => {
      const known = own(properties, key);
      if (known) return [[escaped(key), celValue(child, known)]];
      return open ? [[key, celValue(child, of)]] : [];
    }),
  );
}
