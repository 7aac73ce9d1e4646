import assert from 'node:assert/strict';
import type { Check } from '../../tally.ts';
import { contents } from '../apply.ts';
import { shown } from '../evidence.ts';
import type { Stage } from '../stage.ts';

/** Edits from outside, one of each kind; most of them would open something. */
const edits: readonly (readonly [kind: string, args: readonly string[], patch: object])[] = [
  [
    'ClusterRole',
    ['clusterrole', 'greenflops-tenant'],
    { rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }] },
  ],
  [
    'ClusterRoleBinding',
    ['clusterrolebinding', 'greenflops-operator'],
    { subjects: [{ kind: 'Group', name: 'system:authenticated', apiGroup: 'rbac.authorization.k8s.io' }] },
  ],
  [
    'RoleBinding',
    ['rolebinding', 'members', '-n', 'ore-vault'],
    { subjects: [{ kind: 'Group', name: 'greenflops:tenant:copper-ai', apiGroup: 'rbac.authorization.k8s.io' }] },
  ],
  ['NetworkPolicy', ['networkpolicy', 'default-deny', '-n', 'ore-vault'], { spec: { policyTypes: ['Ingress'] } }],
  ['PodDisruptionBudget', ['pdb', 'protected', '-n', 'ore-vault'], { spec: { minAvailable: 0 } }],
  [
    'Namespace',
    ['namespace', 'ore-vault'],
    { metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } } },
  ],
  [
    // What would open something is refused at once: automountServiceAccountToken, by greenflops-tokens.
    'ServiceAccount',
    ['serviceaccount', 'default', '-n', 'ore-vault'],
    { metadata: { labels: { 'app.kubernetes.io/managed-by': 'somebody' } } },
  ],
  ['PriorityClass', ['priorityclass', 'greenflops-low'], { description: 'edited' }],
];

/** Shown by a diff that ends with 1, told as a conflict by name, and taken back by an apply that says it means it. */
async function takenBack(stage: Stage): Promise<void> {
  const before = await contents(stage, stage.folder);
  for (const [, args, patch] of edits)
    await stage.accepted(['patch', ...args, '--type=merge', '--field-manager=somebody', '-p', JSON.stringify(patch)]);
  const diff = ['diff', '--server-side', '--force-conflicts', '-f', stage.folder];
  const { code, stdout } = await stage.plane.kubectl(diff);
  assert.equal(code, 1, 'exit code of a diff with a difference');
  const changed = new Set([...stdout.matchAll(/^diff -u\S* .*\/(\S+)$/gm)].map(([, file]) => file));
  assert.equal(changed.size, edits.length, stdout);
  const conflict = await stage.refused(['apply', '--server-side', '-f', stage.folder]);
  assert.match(conflict, /conflict with "somebody"/);
  await stage.accepted(['apply', '--server-side', '--force-conflicts', '-f', stage.folder]);
  assert.deepEqual(await contents(stage, stage.folder), before);
  for (const [kind] of edits) shown(kind, 'repaired', 'kubectl diff shows an outside edit, an apply takes it back');
}

export const driftChecks = (stage: Stage): Check[] => [
  ['roles: an edit from outside of each kind is shown and taken back', () => takenBack(stage)],
];
