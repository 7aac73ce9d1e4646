import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { declaredStacks, type DeclaredStack } from '../../infra/declared.ts';
import type { KubernetesObject } from '../../infra/kubernetes.ts';
import { escapeTemplates } from '../../infra/terraform/escape.ts';
import { Ids } from '../../infra/terraform/ids.ts';
import { writeYaml } from '../../infra/yaml.ts';
import { replaced, stacksOf, synthesised } from './estates.ts';

const shipped = declaredStacks('plan');
const json = synthesised(shipped);

describe('ids', () => {
  test('a Chinese one is refused, where cdktf would lose both', () => {
    const ids = new Ids('s');
    expect(() => ids.of('Namespace', '南昌')).toThrow('"南昌" cannot name a Namespace');
    expect(() => ids.of('Namespace', '九江')).toThrow('"九江" cannot name a Namespace');
  });

  test('two that cdktf folds into one are refused, and so is one that stands twice', () => {
    const ids = new Ids('s');
    expect(ids.of('Namespace', 'a.b')).toBe('namespace_ab');
    expect(() => ids.of('Namespace', 'ab')).toThrow('namespace_ab and namespace_a.b would share the Terraform id');
    expect(() => ids.of('Namespace', 'a.b')).toThrow('Namespace a.b is declared twice');
  });

  test('the border between namespace and name counts', () => {
    const ids = new Ids('s');
    expect(ids.of('Service', 'a-b', 'c')).not.toBe(ids.of('Service', 'a', 'b-c'));
  });

  test('stay as they are: Terraform would replace what got another one', () => {
    expect(Object.keys(resources('py-a-ledger')).toSorted()).toEqual([
      'kubernetes_namespace_v1.namespace_greenflops',
      'kubernetes_persistent_volume_claim_v1.persistentvolumeclaim_greenflops_greenflops-ledger',
      'kubernetes_storage_class_v1.storageclass_greenflops-ledger',
    ]);
    expect(
      Object.keys(resources('py-a-pools'))
        .filter((id) => id.includes('rice-vision'))
        .toSorted(),
    ).toEqual([
      'kubernetes_default_service_account_v1.serviceaccount_rice-vision_default',
      'kubernetes_limit_range_v1.limitrange_rice-vision_containers',
      'kubernetes_namespace_v1.namespace_rice-vision',
      'kubernetes_network_policy_v1.networkpolicy_rice-vision_default-deny',
      'kubernetes_network_policy_v1.networkpolicy_rice-vision_dns',
      'kubernetes_network_policy_v1.networkpolicy_rice-vision_tenant',
      'kubernetes_pod_disruption_budget_v1.poddisruptionbudget_rice-vision_protected',
      'kubernetes_resource_quota_v1.resourcequota_rice-vision_accelerators',
      'kubernetes_role_binding_v1.rolebinding_rice-vision_members',
    ]);
  });
});

describe("Terraform's templates", () => {
  const value = { '${key}': ['${a} $${b} %{if} 100% $5', { n: 1, t: true, none: null, empty: {} }] };
  test('are escaped in every string and key, and nothing else is touched', () => {
    expect(escapeTemplates(value)).toEqual({
      '$${key}': ['$${a} $$${b} %%{if} 100% $5', { n: 1, t: true, none: null, empty: {} }],
    });
  });

  test('are escaped on the way to a typed resource and to a manifest, not in the YAML', () => {
    const [first] = shipped;
    if (!first) throw new Error('something is declared');
    const metadata = { name: 'x', labels: {} };
    const objects: KubernetesObject[] = [
      { apiVersion: 'v1', kind: 'ConfigMap', metadata, immutable: false, data: { text: '${a} %{b}' } },
      { apiVersion: 'example.io/v1', kind: 'Thing', metadata, spec: { text: '${a} %{b}', match: {} } },
    ];
    const stack: DeclaredStack = { ...first, objects };
    const made = resources(stack.id, synthesised([stack]));
    expect(made['kubernetes_config_map_v1.configmap_x']).toHaveProperty('data.text', '$${a} %%{b}');
    expect(made['kubernetes_manifest.thing_x']).toHaveProperty('manifest', {
      apiVersion: 'example.io/v1',
      kind: 'Thing',
      metadata,
      spec: { text: '$${a} %%{b}', match: {} },
    });
    withRendered([stack], (rendered) => expect(rendered.get(stack.id)).toEqual(objects));
  });
});

test('every stack names the provider by its full source, its context, and no file of this machine but the state', () => {
  for (const { id, cluster } of shipped) {
    const { terraform, provider } = JSON.parse(json.get(id) ?? '{}') as Record<string, unknown>;
    expect(terraform).toHaveProperty('required_providers.kubernetes', {
      source: 'hashicorp/kubernetes',
      version: '2.38.0',
    });
    expect(provider).toEqual({
      kubernetes: [{ config_context: cluster.context, config_paths: '${split(":", var.kubeconfig)}' }],
    });
  }
});

test('nothing of a ledger can be destroyed, everything else can', () => {
  for (const { id, stack } of shipped) {
    for (const resource of Object.values(resources(id))) {
      expect([id, 'lifecycle' in resource]).toEqual([id, stack.name === 'ledger']);
    }
  }
});

test('the YAML holds the same objects as the synthesised JSON, value for value', () => {
  withRendered(shipped, (rendered) => {
    for (const { id } of shipped) {
      const documents = rendered.get(id) ?? [];
      // Labels of nodes are no objects of their own: what `render` writes for them is a script.
      const made = Object.entries(resources(id)).flatMap(([type, resource]) =>
        type.startsWith('kubernetes_labels.') ? [] : [without(manifestOf(resource), NOT_IN_KUBERNETES)],
      );
      expect(documents).toHaveLength(made.length);
      expect(documents.flatMap((object) => leaves(without(object, NOT_IN_TERRAFORM))).toSorted()).toEqual(
        made.flatMap((resource) => leaves(resource)).toSorted(),
      );
    }
  });
});

test('rendering takes away the files of stacks that are gone, and leaves what is not its own', () => {
  const out = mkdtempSync(join(tmpdir(), 'greenflops-render-'));
  try {
    writeYaml(shipped, out);
    writeFileSync(join(out, 'nc-a', 'mine.yaml'), '');
    writeYaml(
      shipped.filter(({ stack }) => stack.name !== 'pools'),
      out,
    );
    expect(readdirSync(join(out, 'nc-a')).toSorted()).toEqual([
      '10-guardrails.yaml',
      '70-ledger.yaml',
      '80-telemetry.yaml',
      'mine.yaml',
    ]);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
});

describe('a second cluster', () => {
  test('that is marked has the exporter, wherever it is listed', () => {
    const ids = stacksOf((estate) =>
      replaced(
        'clusters:\n',
        'clusters:\n  - { id: nc-0, site: nanchang, context: nc-0, jurisdiction: jiangxi, data_classes: [general] }\n',
      )(replaced('context: nc-a,', 'context: nc-a, exporter: true,')(estate)),
    ).map(({ id }) => id);
    expect(ids).toEqual(['nc-0-guardrails', 'nc-0-pools', ...json.keys()]);
  });
});

/** A stack's resources as `type.id`. */
function resources(id: string, of = json): Record<string, object> {
  const { resource = {} } = JSON.parse(of.get(id) ?? '{}') as { resource?: Record<string, Record<string, object>> };
  return Object.fromEntries(
    Object.entries(resource).flatMap(([type, made]) =>
      Object.entries(made).map(([name, one]): [string, object] => [`${type}.${name}`, one]),
    ),
  );
}

/** Renders to a folder and hands over what the files say, by the stack's id. */
function withRendered(declared: readonly DeclaredStack[], use: (rendered: Map<string, object[]>) => void): void {
  const out = mkdtempSync(join(tmpdir(), 'greenflops-render-'));
  try {
    const { paths } = writeYaml(declared, out);
    use(
      new Map(
        paths.map((path, i) => [
          declared[i]?.id ?? '',
          parseAllDocuments(readFileSync(path, 'utf8')).map((document) => document.toJS() as object),
        ]),
      ),
    );
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** What stands at the top of an object, or of a resource, and nowhere in the other. */
const NOT_IN_TERRAFORM = ['apiVersion', 'kind'];
const NOT_IN_KUBERNETES = [
  '//',
  'depends_on',
  'lifecycle',
  'wait_for_rollout',
  'wait_until_bound',
  ...NOT_IN_TERRAFORM,
];
const RENAMED: Readonly<Record<string, string>> = { storageprovisioner: 'provisioner' };

const without = (value: object, keys: readonly string[]): object =>
  Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));
const manifestOf = (resource: object): object =>
  'manifest' in resource && typeof resource.manifest === 'object' ? (resource.manifest ?? {}) : resource;

/** Every scalar with its key as the two tools both write it: `runasuser=65534`. Where it hangs, the cluster's test knows. */
function leaves(value: unknown, key = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((entry: unknown) => leaves(entry, key));
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([name, part]) => leaves(part, name));
  const flat = key.replaceAll('_', '').toLowerCase();
  const shown = flat === 'defaultmode' && typeof value === 'number' ? `0${value.toString(8)}` : String(value);
  if (flat === 'namespace' && value === '') return []; // of a Group: the provider wants it said
  return [`${RENAMED[flat] ?? flat}=${shown.replaceAll(/([$%])\1\{/g, '$1{')}`];
}
