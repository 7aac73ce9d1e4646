import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Stage } from '../stage.ts';

/** The part of an OpenAPI v3 schema that JSON Schema reads otherwise; the rest is the same in both. */
interface Schema {
  readonly type?: string;
  readonly format?: string;
  readonly nullable?: boolean;
  readonly properties?: object;
  readonly additionalProperties?: unknown;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-group-version-kind'?: readonly { group: string; version: string; kind: string }[];
}

/** A property's name may be one of a keyword (`format`, `properties`): only values are looked at as schemas. */
const NAMED = new Set(['properties', 'schemas']);
/** Data, and no schemas. */
const DATA = new Set(['default', 'enum', 'example']);

/** A copy that JSON Schema reads as the API server reads the original, and that takes no field but those which it names. */
function strict(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(strict);
  if (typeof schema !== 'object' || schema === null) return schema;
  const one: Schema = schema;
  if (one['x-kubernetes-int-or-string'] || one.format === 'int-or-string') return { type: ['integer', 'string'] };
  const parts = Object.entries(schema).map(([key, part]: [string, unknown]): [string, unknown] => {
    if (DATA.has(key)) return [key, part];
    return [key, NAMED.has(key) ? each(part as object, strict) : strict(part)];
  });
  const open = !one.properties || one['x-kubernetes-preserve-unknown-fields'] || 'additionalProperties' in one;
  return {
    ...Object.fromEntries(parts),
    ...(one.nullable && one.type !== undefined && { type: [one.type, 'null'] }),
    ...(!open && { additionalProperties: false }),
  };
}

const each = (record: object, change: (value: unknown) => unknown) =>
  Object.fromEntries(Object.entries(record).map(([key, value]: [string, unknown]) => [key, change(value)]));

type Paths = Readonly<Record<string, { readonly serverRelativeURL: string }>>;

/** The index of the schemas, once it holds those of every CRD: the server makes them some moments after the CRD. */
async function complete(stage: Stage, raw: (path: string) => Promise<unknown>): Promise<Paths> {
  const versions = '{range .items[*]}{.spec.group}{"/"}{.spec.versions[?(@.served)].name}{"\\n"}{end}';
  const crds = (await stage.accepted(['get', 'crds', '-o', `jsonpath=${versions}`])).split('\n').filter(Boolean);
  for (const late = Date.now() + 30_000; ; await setTimeout(250)) {
    const { paths } = (await raw('/openapi/v3')) as { paths: Paths };
    // Several versions of one CRD stand in one line.
    const missing = crds.filter((line) => {
      const [group = '', names = ''] = line.split('/');
      return names.split(' ').some((name) => !(`apis/${group}/${name}` in paths));
    });
    if (missing.length === 0) return paths;
    assert.ok(Date.now() < late, `no schemas of ${missing.join(', ')}`);
  }
}

/**
 * Writes a strict JSON Schema for every kind that the stage's API server knows now, CRDs included, as
 * `<folder>/<group>_<version>_<kind>.json`, which is how kubeconform looks for them (it calls the core group by its version). How many there are.
 */
export async function openapiSchemas(stage: Stage, folder: string): Promise<number> {
  mkdirSync(folder, { recursive: true });
  const raw = async (path: string) => JSON.parse(await stage.accepted(['get', '--raw', path])) as unknown;
  const paths = await complete(stage, raw);
  const kinds = new Set<string>();
  for (const [name, { serverRelativeURL }] of Object.entries(paths)) {
    if (!/^apis?\/(.+\/)?v\d/.test(name)) continue; // not of a version: /version, /apis, …
    const document = (await raw(serverRelativeURL)) as { components?: { schemas?: Record<string, Schema> } };
    const schemas = document.components?.schemas ?? {};
    const components = { schemas: each(schemas, strict) };
    for (const [id, { 'x-kubernetes-group-version-kind': names = [] }] of Object.entries(schemas))
      for (const { group, version, kind } of names) {
        if (`apis/${group}/${version}` !== name && `api/${version}` !== name) continue; // DeleteOptions names all groups
        const file = `${group || version}_${version}_${kind.toLowerCase()}.json`;
        // Beside the schema stand those that it refers to, at the place where OpenAPI has them.
        const text = {
          $schema: 'http://json-schema.org/draft-07/schema#',
          $ref: `#/components/schemas/${id}`,
          components,
        };
        writeFileSync(join(folder, file), JSON.stringify(text));
        kinds.add(file);
      }
  }
  return kinds.size;
}
