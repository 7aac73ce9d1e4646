import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { declaredStacks } from '../../../infra/declared.ts';
import { planFolder } from '../../plan-folder.ts';
import type { Check } from '../../tally.ts';
import type { Proving } from '../proving.ts';
import type { Api } from './api.ts';
import { create } from './asks.ts';
import { denying } from './estate.ts';
import { cronJob, deployment, job, pod, statefulSet } from './objects.ts';
import { controller, lin } from './people.ts';
import { HERE, passes } from './really.ts';
import { refusal, send } from './row.ts';

const NAME = 'greenflops-jobs-only';
const said = (kind: string) =>
  `集群 province 是管理集群，只转交作业，${kind} 在此不会运行：请改用 Job；长期服务需要绑定到集群的配额，请运维写 quota: [{ cluster: <集群>, pflops: <数> }]，再提交到那个集群 / cluster province is a manager and hands on jobs only, a ${kind} never runs here: submit a Job; a service needs a quota on a cluster: ask the operators for quota: [{ cluster: <cluster>, pflops: <number> }], and submit it there`;

/** What the estate's manager has and its worker does not. */
function own(): readonly object[] {
  const { dir, remove } = planFolder(denying(readFileSync('test/cluster/proving/estate.yaml', 'utf8')));
  try {
    return declaredStacks(dir)
      .filter(({ id }) => id === 'province-guardrails')
      .flatMap(({ objects }) => objects.filter(({ metadata }) => metadata.name === NAME));
  } finally {
    remove();
  }
}

/** The manager's policy stands on this cluster for a while: it goes by namespaces of tenants, as there. */
async function jobsAlone(stage: Proving, api: Api): Promise<void> {
  const items = own();
  assert.equal(items.length, 2, 'a policy and its binding');
  await stage.accepted(['apply', '--server-side', '-f', '-'], { apiVersion: 'v1', kind: 'List', items });
  for (const late = Date.now() + 20_000; ; await setTimeout(200)) {
    const { message } = await send(api, create(lin, HERE, pod('stays')));
    if (message === refusal('jobs-only', 'pods "stays"', said('Pod'))) break;
    assert.ok(message === '' && Date.now() < late, message);
  }
  for (const [make, what, kind] of [
    [deployment, 'deployments.apps', 'Deployment'],
    [statefulSet, 'statefulsets.apps', 'StatefulSet'],
  ] as const) {
    const { message } = await send(api, create(lin, HERE, make('stays')));
    assert.equal(message, refusal('jobs-only', `${what} "stays"`, said(kind)));
  }
  for (const make of [job, cronJob]) await passes(send(api, create(lin, HERE, make('goes'))));
  await passes(send(api, create(controller('job-controller'), HERE, pod('made'))));
  await stage.accepted(['delete', 'validatingadmissionpolicybinding,validatingadmissionpolicy', NAME]);
}

export const managerChecks = (stage: Proving, api: Api): Check[] => [
  ['a manager takes jobs alone, and says where a service goes', () => jobsAlone(stage, api)],
];
