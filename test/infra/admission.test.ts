import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Crds } from '../../infra/admission/crds.ts';
import { judge } from '../../infra/admission/judge.ts';
import { offlineFindings, requireAdmitted } from '../../infra/admission/offline.ts';
import { stemmingFrom } from '../../infra/admission/origin.ts';
import type { DeclaredStack } from '../../infra/declared.ts';
import { declaredStacks } from '../../infra/declared.ts';
import type { Schema } from '../../infra/admission/schema.ts';

const folder = mkdtempSync(join(tmpdir(), 'greenflops-crds-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A definition of the kind Thing with a schema of `spec`, in a folder of its own. */
function thing(spec: Schema, scope: 'Namespaced' | 'Cluster' = 'Cluster'): string {
  const own = mkdtempSync(join(folder, 'things-'));
  const schema = {
    openAPIV3Schema: {
      type: 'object',
      properties: { apiVersion: { type: 'string' }, kind: { type: 'string' }, metadata: { type: 'object' }, spec },
    },
  };
  const versions = [
    { name: 'v1', served: true, storage: true, schema },
    { name: 'v1alpha1', served: false, storage: false, schema },
  ];
  const crd = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'things.example.com' },
    spec: { group: 'example.com', names: { kind: 'Thing', plural: 'things' }, scope, versions },
  };
  writeFileSync(join(own, 'things.yaml'), `---\n# comment\n${JSON.stringify(crd)}\n`);
  return own;
}

const object = (spec: unknown, apiVersion = 'example.com/v1') => ({
  apiVersion,
  kind: 'Thing',
  metadata: { name: 'one', labels: {} },
  spec,
});
const said = (schema: Schema, spec: unknown): string[] =>
  judge(object(spec), new Crds(thing(schema))).problems.map(({ path, detail }) => `${path}: ${detail.en}`);

const spec: Schema = {
  type: 'object',
  required: ['size'],
  properties: {
    size: { type: 'integer', format: 'int32', minimum: 1, maximum: 9 },
    mode: { type: 'string', enum: ['on', 'off'], default: 'on' },
    every: { type: 'string', pattern: '^\\d+s$' },
    share: {
      'x-kubernetes-int-or-string': true,
      anyOf: [{ type: 'integer' }, { type: 'string' }],
      pattern: '^\\d+%?$',
    },
    free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    labels: { type: 'object', additionalProperties: { type: 'string', maxLength: 3 } },
    rows: {
      type: 'array',
      maxItems: 2,
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
      items: {
        type: 'object',
        required: ['name'],
        properties: { name: { type: 'string' }, least: { type: 'integer' }, most: { type: 'integer' } },
        'x-kubernetes-validations': [
          { rule: '!has(self.least) || self.least <= self.most', message: 'least is above most' },
        ],
      },
    },
  },
};

describe('one object against its schema', () => {
  test.each<[string, unknown, string[]]>([
    [
      'all well',
      {
        size: 3,
        mode: 'off',
        every: '5s',
        share: '50%',
        free: { any: [1] },
        labels: { a: 'x' },
        rows: [{ name: 'a', least: 1, most: 2 }],
      },
      [],
    ],
    ['a number for a share', { size: 3, share: 5 }, []],
    ['required', {}, ['spec.size: required field is missing']],
    ['a null where none may be is none', { size: null }, ['spec.size: required field is missing']],
    ['type', { size: '3' }, ['spec.size: must be of type integer, not "3"']],
    ['a fraction', { size: 1.5 }, ['spec.size: must be of type integer, not 1.5']],
    ['range', { size: 10 }, ['spec.size: 10 is above the maximum 9']],
    ['enum', { size: 1, mode: 'of' }, ['spec.mode: "of" must be one of "on", "off"']],
    ['pattern', { size: 1, every: '5' }, ['spec.every: "5" must match ^\\d+s$']],
    ['int or string', { size: 1, share: true }, ['spec.share: must be of type integer/string, not true']],
    ['unknown field', { size: 1, sise: 2 }, ['spec.sise: unknown field (strict validation refuses it)']],
    ['value of a map', { size: 1, labels: { 'a.b/c': 'long' } }, ['spec.labels[a.b/c]: 4 characters, at most 3']],
    [
      'twice the same key',
      { size: 1, rows: [{ name: 'a' }, { name: 'a' }] },
      ['spec.rows[1]: duplicate of item 0 (by its name)'],
    ],
    ['too many', { size: 1, rows: [{ name: 'a' }, { name: 'b' }, { name: 'c' }] }, ['spec.rows: 3 items, at most 2']],
    ['rule', { size: 1, rows: [{ name: 'a', least: 3, most: 2 }] }, ['spec.rows[0]: least is above most']],
    [
      'rule that reads a missing key',
      { size: 1, rows: [{ name: 'a', least: 3 }] },
      ['spec.rows[0]: the rule cannot be evaluated (No such key: most'],
    ],
  ])('%s', (_, value, expected) => {
    const found = said(spec, value);
    expect(found).toHaveLength(expected.length);
    for (const [i, text] of expected.entries()) expect(found[i]).toContain(text);
  });

  test('what cannot be decided is listed and never passed over in silence', () => {
    const schema: Schema = {
      type: 'object',
      properties: { site: { type: 'string', format: 'hostname', pattern: '(?P<name>a)' } },
      'x-kubernetes-validations': [{ rule: 'self == oldSelf' }, { rule: 'isURL(self.site)' }, { rule: 'self.(' }],
    };
    const { problems, unchecked } = judge(object({ site: 'a' }), new Crds(thing(schema)));
    expect(problems).toEqual([]);
    expect([...unchecked.keys()]).toEqual([
      'spec.site pattern (?P<name>a)',
      'spec.site format hostname',
      'spec self == oldSelf',
      'spec isURL(self.site)',
      'spec self.(',
    ]);
  });

  test('a version that is not served, a kind that nobody defines, a namespace that is missing', () => {
    const crds = new Crds(thing(spec));
    expect(judge(object({ size: 1 }, 'example.com/v1alpha1'), crds).problems[0]?.detail.en).toBe(
      'things.example.com does not serve v1alpha1; it serves v1',
    );
    expect(judge(object({ size: 1 }, 'example.org/v1'), crds).covered).toBe(false);
    const namespaced = new Crds(thing(spec, 'Namespaced'));
    expect(judge(object({ size: 1 }), namespaced).problems.map(({ path }) => path)).toEqual(['metadata.namespace']);
  });
});

describe('the stacks of a declaration', () => {
  const [first] = declaredStacks('plan');
  const withThing = (value: object, path?: readonly (string | number)[]): DeclaredStack[] => {
    if (!first) throw new Error('the shipped plan has a stack');
    const one = value as DeclaredStack['objects'][number];
    return [{ ...first, objects: path ? stemmingFrom(path, [one]) : [one] }];
  };

  test('a finding names estate, cluster, stack, object, origin, field and rule, in both languages', () => {
    const crds = thing(spec);
    const wrong = { ...object({ size: 10 }), metadata: { name: 'nc-910b', labels: {} } };
    const { findings } = offlineFindings(withThing(wrong, ['pools', 0]), crds, 'plan');
    expect(findings).toHaveLength(1);
    expect(findings[0]?.en).toMatch(
      /^plan\/estate\.yaml:\d+:\d+: nc-a\/guardrails: Thing nc-910b \(pools 0\): spec\.size: 10 is above the maximum 9$/,
    );
    expect(findings[0]?.zh).toMatch(/Thing nc-910b.*spec\.size: 10 超过上限 9$/);
  });

  test('labels and namespaces lead back to tenants, and what leads nowhere to its cluster', () => {
    const crds = thing(spec);
    const [tenant] = first?.view.plan.estate.tenants ?? [];
    const of = (metadata: object) =>
      offlineFindings(withThing({ ...object({}), metadata }), crds, 'plan').findings[0]?.en;
    expect(of({ name: 'x', labels: { 'greenflops.io/tenant': tenant?.id } })).toContain(`(tenant ${tenant?.id})`);
    expect(of({ name: 'x', labels: {} })).toContain('(cluster nc-a)');
  });

  test('GREENFLOPS_CRDS decides: unset nothing is checked, a folder that is not there is told, findings end the program', () => {
    const wrong = withThing(object({}));
    expect(() => requireAdmitted(wrong, 'plan')).not.toThrow();
    process.env['GREENFLOPS_CRDS'] = join(folder, 'nowhere');
    try {
      expect(() => requireAdmitted(wrong, 'plan')).toThrow(/GREENFLOPS_CRDS names cannot be read/);
      process.env['GREENFLOPS_CRDS'] = thing(spec);
      expect(() => requireAdmitted(wrong, 'plan')).toThrow(/spec\.size: required field is missing\nby the CRDs in /);
    } finally {
      delete process.env['GREENFLOPS_CRDS'];
    }
  });
});
