import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { get } from 'node:https';
import { json } from 'node:stream/consumers';
import type { Check } from '../tally.ts';
import type { Stage } from './stage.ts';
import { tenancies } from './tenancies.ts';

interface Account {
  readonly namespace: string;
  readonly name: string;
}
const user = ({ namespace, name }: Account) => `system:serviceaccount:${namespace}:${name}`;

/** The accounts that pods run under: each tenant's, and the exporter's. */
const accounts = ({ cluster }: Stage): Account[] => [
  ...tenancies.filter((one) => one.cluster === cluster).map(({ namespace }) => ({ namespace, name: 'default' })),
  { namespace: 'greenflops', name: 'greenflops-exporter' },
];

/** What Kubernetes lets every authenticated user do, and no more: ask about itself and read what the server is. */
export const everybody = [
  'create selfsubjectaccessreviews.authorization.k8s.io',
  'create selfsubjectreviews.authentication.k8s.io',
  'create selfsubjectrulesreviews.authorization.k8s.io',
  'get /.well-known/openid-configuration',
  'get /.well-known/openid-configuration/',
  'get /api',
  'get /api/*',
  'get /apis',
  'get /apis/*',
  'get /healthz',
  'get /livez',
  'get /openapi',
  'get /openapi/*',
  'get /openid/v1/jwks',
  'get /openid/v1/jwks/',
  'get /readyz',
  'get /version',
  'get /version/',
];

/** All rights in a namespace of whom kubectl's flags `as` name: 'verb resource' or 'verb path' each. */
export async function rightsOf(stage: Stage, as: readonly string[], namespace: string): Promise<Set<string>> {
  const table = await stage.accepted(['auth', 'can-i', '--list', '--no-headers', '-n', namespace, ...as]);
  // Columns: resource, [paths], [names], [verbs]; a path's row has no resource.
  return new Set(
    table.split('\n').flatMap((line) => {
      const [, resource = '', paths = '', verbs = ''] = /^(\S*)\s+\[(.*?)\]\s+\[.*?\]\s+\[(.*?)\]$/.exec(line) ?? [];
      const what = resource ? [resource] : paths.split(' ').filter(Boolean);
      return verbs.split(' ').flatMap((verb) => what.map((one) => `${verb} ${one}`));
    }),
  );
}

async function nothingMore(stage: Stage): Promise<void> {
  for (const account of accounts(stage)) {
    const rights = await rightsOf(stage, [`--as=${user(account)}`], account.namespace);
    assert.deepEqual([...rights].toSorted(), everybody, user(account));
  }
}

/** Questions whose answer would hurt, asked of every account. */
const questions = [
  ['list', 'secrets'],
  ['create', 'pods'],
  ['delete', 'resourcequotas'],
  ['patch', 'networkpolicies'],
  ['patch', 'namespaces'],
  ['list', 'nodes'],
  ['bind', 'clusterroles'],
] as const;

async function canI(stage: Stage): Promise<void> {
  const ask = (question: readonly string[], ...as: string[]) =>
    stage.plane.kubectl(['auth', 'can-i', ...question, '-n', 'greenflops', ...as]);
  for (const question of questions) {
    // The administrator's yes shows that the question is one.
    assert.equal((await ask(question)).stdout, 'yes\n', `administrator: ${question.join(' ')}`);
    for (const account of accounts(stage))
      assert.equal(
        (await ask(question, `--as=${user(account)}`)).stdout,
        'no\n',
        `${user(account)}: ${question.join(' ')}`,
      );
  }
}

/** With a token of its own instead of an administrator who speaks for it. */
async function request(stage: Stage): Promise<void> {
  for (const account of accounts(stage)) {
    const token = await stage.accepted(['create', 'token', account.name, '-n', account.namespace]);
    const as = (...args: string[]) => [...args, `--token=${token.trim()}`];
    const whoami = await stage.accepted(as('auth', 'whoami', '-o', 'jsonpath={.status.userInfo.username}'));
    assert.equal(whoami, user(account));
    assert.equal(
      await stage.refused(as('get', 'secrets', '-n', account.namespace)),
      `Error from server (Forbidden): secrets is forbidden: User "${user(account)}" cannot list resource "secrets" in API group "" in the namespace "${account.namespace}"`,
    );
  }
}

/** Without kubectl, which would ask on the terminal who it is. */
async function list(stage: Stage, headers: OutgoingHttpHeaders): Promise<unknown> {
  const { server, authority } = stage.plane.access;
  const asked = get(`${server}/api/v1/namespaces`, { ca: readFileSync(authority), headers });
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  return json(response);
}

async function strangers(stage: Stage): Promise<void> {
  const refused = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure' };
  assert.deepEqual(await list(stage, {}), {
    ...refused,
    code: 403,
    reason: 'Forbidden',
    message:
      'namespaces is forbidden: User "system:anonymous" cannot list resource "namespaces" in API group "" at the cluster scope',
    details: { kind: 'namespaces' },
  });
  assert.deepEqual(await list(stage, { authorization: 'Bearer guessed' }), {
    ...refused,
    code: 401,
    reason: 'Unauthorized',
    message: 'Unauthorized',
  });
}

export const accessChecks = (stage: Stage): Check[] => [
  [
    `${stage.cluster}: tenants' and the exporter's accounts have only the rights of everybody`,
    () => nothingMore(stage),
  ],
  [`${stage.cluster}: kubectl auth can-i says no to them where it says yes to the administrator`, () => canI(stage)],
  [`${stage.cluster}: a request with a tenant's or the exporter's own token is refused`, () => request(stage)],
  [`${stage.cluster}: anonymous requests and unknown tokens are refused`, () => strangers(stage)],
];
