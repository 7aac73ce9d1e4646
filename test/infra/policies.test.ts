import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { declaredStacks } from '../../infra/declared.ts';
import { label, message, text, texts } from '../../infra/guardrails/policies/cel.ts';
import type { CustomObject, KubernetesObject } from '../../infra/kubernetes.ts';
import { planFolder } from '../plan-folder.ts';
import { replaced } from './estates.ts';

interface Policy extends CustomObject {
  readonly spec: {
    readonly matchConditions?: readonly { readonly expression: string }[];
    readonly variables?: readonly { readonly name: string; readonly expression: string }[];
    readonly validations: readonly {
      readonly expression: string;
      readonly message: string;
      readonly messageExpression?: string;
    }[];
  };
}

const proving = readFileSync('test/cluster/proving/estate.yaml', 'utf8');

/** The admission policies of the proving estate, or of another made of it, by name without `greenflops-`. */
function policiesOf(change = (estate: string) => estate): Map<string, Policy> {
  const { dir, remove } = planFolder(change(proving));
  try {
    const guardrails = declaredStacks(dir).find(({ stack }) => stack.name === 'guardrails');
    return new Map(
      (guardrails?.objects ?? []).flatMap((object) =>
        object.kind === 'ValidatingAdmissionPolicy'
          ? [[object.metadata.name.replace('greenflops-', ''), object as Policy] as const]
          : [],
      ),
    );
  } finally {
    remove();
  }
}
const celOf = (policy: Policy | undefined): string => JSON.stringify(policy?.spec);

const whole = policiesOf();

test('each policy has one binding of its name, that denies and audits, and states every default', () => {
  const objects = declaredStacks('plan').flatMap((stack) => stack.objects);
  const bindings = objects.filter(({ kind }) => kind === 'ValidatingAdmissionPolicyBinding');
  const policies = objects.filter(({ kind }) => kind === 'ValidatingAdmissionPolicy');
  expect(bindings.map(({ metadata }) => metadata)).toEqual(policies.map(({ metadata }) => metadata));
  expect(policies.length).toBeGreaterThan(0);
  for (const { spec, metadata } of [...bindings, ...policies] as (KubernetesObject & { spec: unknown })[]) {
    const { matchResources, matchConstraints } = spec as Record<string, Record<string, unknown> | undefined>;
    expect(matchResources ?? matchConstraints, metadata.name).toMatchObject({
      matchPolicy: 'Equivalent',
      objectSelector: {},
      namespaceSelector: expect.anything() as unknown,
    });
  }
  for (const { spec } of bindings as { spec?: unknown }[])
    expect(spec).toMatchObject({ validationActions: ['Deny', 'Audit'] });
  for (const { spec } of policies as { spec?: unknown }[]) expect(spec).toMatchObject({ failurePolicy: 'Fail' });
});

describe.each([...whole])('%s', (_, policy) => {
  const { spec, metadata } = policy;

  test('speaks both languages, in one line each', () => {
    expect(metadata.annotations).toMatchObject({
      'greenflops.io/name-zh': expect.stringMatching(/\p{Script=Han}/u) as unknown,
      'greenflops.io/name-en': expect.stringMatching(/^[\x20-\x7e]+$/) as unknown,
    });
    for (const { message: said } of spec.validations) {
      expect(said).toMatch(/\p{Script=Han}.* \/ [^\p{Script=Han}]+$/u);
      expect(said).not.toMatch(/\n|[{}]/);
    }
  });

  test('uses the variables that it has, each after those that it uses', () => {
    const known = new Set<string>();
    const used = new Set<string>();
    const read = (expression = '') => {
      for (const [, name = ''] of expression.matchAll(/variables\.(\w+)/g)) {
        expect(known, expression).toContain(name);
        used.add(name);
      }
    };
    for (const { name, expression } of spec.variables ?? []) {
      read(expression);
      known.add(name);
    }
    for (const { expression, messageExpression } of spec.validations) {
      read(expression);
      read(messageExpression);
    }
    expect(
      [...known].filter((name) => !used.has(name)),
      'variables that nothing uses',
    ).toEqual([]);
  });

  test('asks for no label but by way of what may be missing', () => {
    expect(celOf(policy)).not.toMatch(/metadata\.labels\[/);
  });
});

describe('what the declaration says is what the policies ask', () => {
  test('without Kueue nobody needs a queue', () => {
    expect(policiesOf(replaced('kueue: { enabled: true }', 'kueue: { enabled: false }')).has('queue')).toBe(false);
    expect(whole.has('queue')).toBe(true);
  });

  test('without registries an image comes from anywhere, by its digest all the same', () => {
    const images = policiesOf(replaced('    registries: [registry.example/jiangxi]\n', '')).get('images');
    expect(images?.spec.validations).toHaveLength(1);
    expect(whole.get('images')?.spec.validations).toHaveLength(2);
    expect(celOf(whole.get('images'))).toContain("['registry.example/jiangxi/']");
  });

  test('the classes, groups and controllers of the cluster', () => {
    const other = policiesOf(
      replaced(
        'data_classes: [general, important]',
        'data_classes: [general, important, core]\n    access: { clearance: { core: [party-of-three] } }',
      ),
    );
    expect(celOf(other.get('namespaces'))).toContain("variables.have in ['general', 'important', 'core']");
    expect(celOf(other.get('clearance'))).toMatch(/variables.class != 'core' \|\| .*group in \['party-of-three'\]/);
    expect(celOf(whole.get('queue'))).toContain("'system:serviceaccounts:jobset-system'");
    expect(celOf(whole.get('namespaces'))).not.toContain('jobset-system');
  });

  test('members of every tenant, and the accounts of their namespaces, are kept from namespaces', () => {
    const members = policiesOf(
      replaced('    data_class: important\n', "    data_class: important\n    members: [o'hara]\n"),
    );
    expect(celOf(members.get('namespaces'))).toContain(String.raw`'o\\'hara'`);
    const rule = whole.get('namespaces')?.spec.validations[0]?.expression;
    expect(rule).toContain("'greenflops:tenant:copper-ai', 'greenflops:tenant:ore-safe'");
    expect(rule).toContain("'system:serviceaccounts:copper-train', 'system:serviceaccounts:copper-serve'");
  });

  test('resources: what the quotas of the pools cap, and what the estate leaves open', () => {
    const names = celOf(whole.get('extended-resources'));
    for (const name of ['cpu', 'nvidia.com/gpu', 'huawei.com/Ascend910B4-core', 'rdma/hca'])
      expect(names).toContain(`'${name}'`);
    const other = celOf(policiesOf(replaced('    resources: [rdma/hca]\n', '')).get('extended-resources'));
    expect(other).toContain("'hygon.com/dcu'");
    expect(other).not.toContain("'rdma/hca'");
    expect(other).not.toContain("'cambricon.com/mlu'"); // of the catalogue, and of no pool here
  });

  test('tolerations: the taints that the pools declare, each for who has a quota on it', () => {
    const own = whole.get('tolerations')?.spec.variables?.find(({ name }) => name === 'own');
    expect(own?.expression).toBe(
      "[] + (namespaceObject.?metadata.?labels[?'pool.greenflops.io/p-910b'].orValue('') == 'true' ? ['huawei.com/npu='] : [])",
    );
  });

  test('the kinds of declared controllers name their queue, and those of no other', () => {
    expect(celOf(whole.get('queue'))).toContain('"apiGroups":["jobset.x-k8s.io"],"apiVersions":["*"]');
    expect(celOf(whole.get('queue'))).not.toContain('kubeflow.org');
    expect(celOf(policiesOf(replaced('controllers: [jobset-system]', 'controllers: []')).get('queue'))).not.toContain(
      'jobset.x-k8s.io',
    );
  });

  test('datasets: who may read each, of which class it is, and whether it may lie here', () => {
    const values = new Map(whole.get('datasets')?.spec.variables?.map(({ name, expression }) => [name, expression]));
    expect(values.get('tenants')).toContain("'price-index': ['ore-safe', 'copper-ai']");
    expect(values.get('classes')).toContain("'smelter-logs': 'important'");
    expect(values.get('here')).toBe("['smelter-logs', 'price-index', 'assay-notes']");
  });
});

describe('CEL', () => {
  test('texts stand for themselves', () => {
    expect(texts(["o'hara", 'a\\b'])).toBe(String.raw`['o\'hara', 'a\\b']`);
    expect(label('object', 'a/b')).toBe("object.?metadata.?labels[?'a/b'].orValue('')");
    expect(text('镜像')).toBe("'镜像'");
  });

  test('a message without values is a text, one with values an expression beside a text', () => {
    expect(message({ zh: '不可', en: 'no' })).toEqual({ message: '不可 / no' });
    expect(message({ zh: '{who} 不可', en: "{who}'s not" }, { who: 'request.name' })).toEqual({
      message: "… 不可 / …'s not",
      messageExpression: String.raw`string(request.name) + ' 不可 / ' + string(request.name) + '\'s not'`,
    });
  });

  test('a value that is missing is an error of the program', () => {
    expect(() => message({ zh: '{who}', en: '{who}' })).toThrow('the message wants {who}, and its policy gives none');
  });
});
