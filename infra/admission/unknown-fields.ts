import type { Verdict } from './problem.ts';
import { at, isFields, under, type Schema } from './schema.ts';

const TYPE = new Set(['apiVersion', 'kind', 'metadata']);

/** Fields that no schema knows: an API server prunes them in silence, and refuses them under strict field validation. */
export function unknownFields(value: unknown, schema: Schema, verdict: Verdict, path = '', embedded = true): void {
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items)
      for (const [i, item] of value.entries())
        unknownFields(item, items, verdict, at(path, i), items['x-kubernetes-embedded-resource']);
  }
  if (!isFields(value)) return;
  const open = schema['x-kubernetes-preserve-unknown-fields'] || schema.additionalProperties === true;
  for (const [key, child] of Object.entries(value)) {
    if (embedded && TYPE.has(key)) continue;
    const known = under(schema, key);
    if (known) unknownFields(child, known, verdict, at(path, key), known['x-kubernetes-embedded-resource'] ?? false);
    else if (!open)
      verdict.problems.push({
        path: at(path, key),
        detail: { zh: '未知字段（严格校验会拒绝）', en: 'unknown field (strict validation refuses it)' },
      });
  }
}
