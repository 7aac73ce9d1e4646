import assert from 'node:assert/strict';
import { contents } from './apply.ts';
import { shownToo } from './evidence.ts';
import type { Identified } from './objects.ts';
import type { Stage } from './stage.ts';

/** What somebody changes behind the declaration's back, as a merge patch. Kinds that are not listed get another owner's label. */
const edits: Readonly<Record<string, object>> = {
  ResourceQuota: { spec: { hard: { 'requests.nvidia.com/gpu': '999' } } },
  NetworkPolicy: { spec: { egress: [{}] } },
  ClusterRole: { rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }] },
  RoleBinding: { subjects: [{ kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name: 'system:authenticated' }] },
  ClusterRoleBinding: {
    subjects: [{ kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name: 'system:authenticated' }],
  },
  ValidatingAdmissionPolicy: { spec: { failurePolicy: 'Ignore' } },
  MutatingAdmissionPolicy: { spec: { failurePolicy: 'Ignore' } },
  ValidatingAdmissionPolicyBinding: { spec: { validationActions: ['Audit'] } },
  ClusterQueue: { spec: { preemption: { reclaimWithinCohort: 'Never' } } },
  MultiKueueConfig: { spec: { clusters: ['elsewhere'] } },
  WorkloadPriorityClass: { value: 2_000_000_000 },
};
const label = { metadata: { labels: { 'app.kubernetes.io/managed-by': 'somebody' } } };

/** Whether an object has every field of a patch: an apply takes back what it states, and cannot see what somebody adds beside. */
const states = (object: unknown, patch: unknown): boolean =>
  typeof patch !== 'object' || patch === null || Array.isArray(patch)
    ? object !== undefined
    : Object.entries(patch).every(([key, part]) =>
        states((object as Record<string, unknown> | undefined)?.[key], part),
      );

const resource = ({ apiVersion, kind }: Identified): string => {
  const [group = '', version] = apiVersion.split('/');
  return version === undefined ? kind : `${kind}.${version}.${group}`;
};

/** One object of each kind is edited; `kubectl diff` shows each of them, and an apply leaves what was applied at first. */
export async function repaired(stage: Stage): Promise<void> {
  const objects = stage.files.flatMap((file) => file.objects);
  const ones = [...Map.groupBy(objects, ({ kind }) => kind)].map(([kind, all]) => {
    const one = all.find((object) => states(object, edits[kind] ?? label));
    assert.ok(one, `a ${kind} states what is edited`);
    return one;
  });
  const before = await contents(stage, stage.folder);
  for (const one of ones) {
    const { name, namespace } = one.metadata;
    const patch = JSON.stringify(edits[one.kind] ?? label);
    const where = namespace === undefined ? [] : ['-n', namespace];
    await stage.accepted([
      'patch',
      resource(one),
      name,
      ...where,
      '--type=merge',
      '--field-manager=somebody',
      '-p',
      patch,
    ]);
  }
  const { code, stdout } = await stage.plane.kubectl([
    'diff',
    '--server-side',
    '--force-conflicts',
    '-f',
    stage.folder,
  ]);
  assert.equal(code, 1, 'exit code of a diff with differences');
  // The files that kubectl compares are called group.version.kind.namespace.name.
  const differ = new Set(
    [...stdout.matchAll(/^diff .*\/(?:[a-z0-9.-]+\.)?v\w+\.(\w+)\.\S*$/gm)].map(([, kind]) => kind),
  );
  for (const { kind } of ones) assert.ok(differ.has(kind), `diff shows the ${kind}: ${[...differ].join(' ')}`);
  assert.notDeepEqual(await contents(stage, stage.folder), before);
  await stage.accepted(['apply', '--server-side', '--force-conflicts', '-f', stage.folder]);
  assert.deepEqual(await contents(stage, stage.folder), before);
  for (const { kind } of ones) shownToo(kind, 'repaired', edits[kind] ? stage.cluster : `${stage.cluster} label`);
}
