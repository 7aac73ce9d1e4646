import { isFields, own, under, type Schema } from './schema.ts';

/**
 * A copy with the schema's defaults, as an API server completes an object before it judges it; a null where none may be
 * counts as absent (kubernetes.io, "Defaulting and Nullable").
 */
export function withDefaults(value: unknown, schema: Schema): unknown {
  if (Array.isArray(value)) {
    const { items } = schema;
    return items ? value.map((item: unknown) => withDefaults(item, items)) : structuredClone(value);
  }
  if (!isFields(value)) return value;
  const whole: Record<string, unknown> = {};
  for (const [key, child] of Object.entries(value)) {
    const known = under(schema, key);
    if (child === null && known && !known.nullable) continue;
    whole[key] = known ? withDefaults(child, known) : child;
  }
  for (const [key, property] of Object.entries(schema.properties ?? {}))
    if (property.default !== undefined && own(whole, key) === undefined)
      whole[key] = withDefaults(structuredClone(property.default), property);
  return whole;
}
