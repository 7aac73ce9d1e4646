import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const root = new URL('../../', import.meta.url);
// Third-party files lie beside the checkout, not in it.
const definition = new URL('../shared/crds/prometheus-operator/monitoring.coreos.com_prometheusrules.yaml', root);

interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly 'x-kubernetes-int-or-string'?: boolean;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What of a value a structural schema of Kubernetes refuses; unknown fields too, which a server would drop in silence. */
function refused(value: unknown, schema: Schema, path: string): string[] {
  if (schema['x-kubernetes-int-or-string'])
    return ['string', 'number'].includes(typeof value) ? [] : [`${path}: int or string`];
  if (Array.isArray(value)) {
    const { items } = schema;
    return items ? value.flatMap((one, index) => refused(one, items, `${path}[${index}]`)) : [`${path}: no list`];
  }
  if (isRecord(value)) {
    const missing = (schema.required ?? []).filter((key) => !(key in value)).map((key) => `${path}.${key}: missing`);
    if (!schema.properties && !schema.additionalProperties)
      return schema.type === 'object' ? [] : [`${path}: no object`];
    const fields = Object.entries(value).flatMap(([key, one]) => {
      const of = schema.properties?.[key] ?? schema.additionalProperties;
      return of ? refused(one, of, `${path}.${key}`) : [`${path}.${key}: unknown field`];
    });
    return [...missing, ...fields];
  }
  if (typeof value !== schema.type) return [`${path}: ${typeof value} where ${schema.type} is wanted`];
  const text = String(value);
  if (schema.enum && !schema.enum.includes(value)) return [`${path}: not in the enum`];
  if (schema.pattern && !new RegExp(schema.pattern).test(text))
    return [`${path}: "${text}" does not match ${schema.pattern}`];
  return text.length < (schema.minLength ?? 0) ? [`${path}: too short`] : [];
}

if (!existsSync(definition)) console.log(`skipped: there is no ${definition.pathname}`);

test.skipIf(!existsSync(definition))('the PrometheusRule is what the operator’s own definition takes', () => {
  const crd = parse(readFileSync(definition, 'utf8')) as {
    spec: { versions: { name: string; schema: { openAPIV3Schema: Schema } }[] };
  };
  const schema = crd.spec.versions.find(({ name }) => name === 'v1')?.schema.openAPIV3Schema ?? {};
  const text = readFileSync(new URL('alerts/generated/greenflops-prometheusrule.yaml', root), 'utf8');
  expect(refused(parse(text), schema, '')).toEqual([]);
  expect(refused(parse(text.replaceAll('keep_firing_for', 'keepFiringFor')), schema, '')).toContain(
    '.spec.groups[1].rules[0].keepFiringFor: unknown field',
  );
  expect(refused(parse(text.replace('interval: 1m', 'interval: soon')), schema, '')).toHaveLength(1);
});
