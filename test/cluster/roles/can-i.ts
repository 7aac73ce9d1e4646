import assert from 'node:assert/strict';
import type { Check } from '../../tally.ts';
import { everybody, rightsOf } from '../access.ts';
import { shown } from '../evidence.ts';
import type { Stage } from '../stage.ts';
import { questions } from './questions.ts';
import { as, people, type Who } from './who.ts';

const asked = [
  ['T', people.tenant],
  ['O', people.operator],
  ['A', people.auditor],
  ['E', people.exporter],
] as const;

/** Whom one may impersonate: rights know them, and no API serves them. */
const noKind = new Set(['users', 'groups']);

/** One answer. kubectl warns of a kind that the server does not have: such a question would be none. */
async function ask(stage: Stage, verb: string, what: string, namespace: string, who: Who): Promise<boolean> {
  const [resource = '', subresource] = what.startsWith('/') ? [what] : what.split('/');
  const { stdout, stderr } = await stage.plane.kubectl([
    'auth',
    'can-i',
    verb,
    resource,
    ...(subresource === undefined ? [] : [`--subresource=${subresource}`]),
    ...(namespace === '' ? [] : ['-n', namespace]),
    ...as(who),
  ]);
  assert.match(stdout, /^(yes|no)\n$/, `can-i ${verb} ${what}: ${stderr}`);
  if (!noKind.has(what)) assert.doesNotMatch(stderr, /doesn't have a resource type/, `can-i ${verb} ${what}`);
  return stdout === 'yes\n';
}

/** The whole table, some questions at a time. */
async function table(stage: Stage): Promise<void> {
  const rows = Object.entries(questions).flatMap(([namespace, list]) =>
    list.map(([verb, resource, yes]) => ({ namespace, verb, resource, yes, said: '' })),
  );
  const left = [...rows];
  const worker = async (): Promise<void> => {
    for (let row = left.shift(); row; row = left.shift()) {
      const { namespace, verb, resource } = row;
      for (const [letter, who] of asked) if (await ask(stage, verb, resource, namespace, who)) row.said += letter;
    }
  };
  await Promise.all(Array.from({ length: 4 }, worker));
  print(rows);
  const line = ({ namespace, verb, resource }: (typeof rows)[number], letters: string) =>
    `${verb} ${resource} ${namespace}: ${letters}`;
  assert.deepEqual(
    rows.map((row) => line(row, row.said)),
    rows.map((row) => line(row, row.yes)),
  );
  for (const kind of ['ClusterRole', 'ClusterRoleBinding', 'RoleBinding'])
    shown(kind, 'behaves', `kubectl auth can-i: ${rows.length * asked.length} answers for the four roles`);
}

function print(rows: readonly { namespace: string; verb: string; resource: string; said: string }[]): void {
  const cells = (first: string, namespace: string, rest: readonly string[]) =>
    `${first.padEnd(66)} ${namespace.padEnd(13)}${rest.map((text) => text.padEnd(9)).join('')}`.trimEnd();
  const mark = (said: string) => ['T', 'O', 'A', 'E'].map((letter) => (said.includes(letter) ? 'yes' : 'no'));
  console.log(cells('kubectl auth can-i', 'namespace', ['tenant', 'operator', 'auditor', 'exporter']));
  for (const { namespace, verb, resource, said } of rows)
    console.log(cells(`${verb} ${resource}`, namespace || '(cluster)', mark(said)));
}

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** What a rendered role grants, as `can-i --list` words it. */
function granted(stage: Stage, role: string): string[] {
  const found = stage.objects('ClusterRole').find(({ metadata }) => metadata.name === role);
  assert.ok(found, `${role} is rendered`);
  const { rules } = found as unknown as { readonly rules: readonly Rule[] };
  return rules.flatMap(({ apiGroups: [group = ''], resources, verbs }) =>
    resources.flatMap((resource) => {
      const [kind = '', subresource] = resource.split('/');
      const whole = `${kind}${group === '' ? '' : `.${group}`}${subresource === undefined ? '' : `/${subresource}`}`;
      return verbs.map((verb) => `${verb} ${whole}`);
    }),
  );
}

/** Whatever the table does not ask: in each namespace everybody has what the bound role says and what all have, and no more. */
async function nothingMore(stage: Stage): Promise<void> {
  for (const [role, who, namespace] of [
    ['greenflops-tenant', people.tenant, 'copper-train'],
    ['greenflops-tenant', people.tenant, 'copper-serve'],
    ['', people.tenant, 'ore-vault'],
    ['', people.tenant, 'kube-system'],
    ['', people.other, 'copper-train'],
    ['greenflops-operator', people.operator, 'ore-vault'],
    ['greenflops-auditor', people.auditor, 'ore-vault'],
    ['greenflops-exporter', people.exporter, 'kube-system'],
    ['', people.account, 'copper-train'],
  ] as const) {
    // The keys of tokens are read by accounts alone (system:service-account-issuer-discovery).
    const all = who.user.startsWith('system:serviceaccount:')
      ? everybody
      : everybody.filter((right) => !right.includes('openid'));
    const expected = new Set([...all, ...(role === '' ? [] : granted(stage, role))]);
    assert.deepEqual(
      [...(await rightsOf(stage, as(who), namespace))].toSorted(),
      [...expected].toSorted(),
      `${who.user} in ${namespace}`,
    );
  }
}

export const canIChecks = (stage: Stage): Check[] => [
  ['roles: kubectl auth can-i answers as the table says', () => table(stage)],
  ['roles: nobody has a right that the role does not name, in any namespace', () => nothingMore(stage)],
];
