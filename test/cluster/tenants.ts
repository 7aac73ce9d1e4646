import assert from 'node:assert/strict';
import type { Check } from '../tally.ts';
import { shown } from './evidence.ts';
import { pod, type Pod } from './pod.ts';
import type { Stage } from './stage.ts';
import { tenancies, type Tenancy } from './tenancies.ts';

const create = (namespace: string) => ['create', '-n', namespace, '-f', '-'];

/** What the server says when it refuses a pod. */
const forbidden = ({ metadata: { name } }: Pod, why: string) =>
  `Error from server (Forbidden): error when creating "STDIN": pods "${name}" is forbidden: ${why}`;

async function podSecurity(stage: Stage, { namespace }: Tenancy): Promise<void> {
  const privileged = pod('privileged', { security: { privileged: true, capabilities: { drop: ['ALL'] } } });
  assert.equal(
    await stage.refused(create(namespace), privileged),
    forbidden(
      privileged,
      'violates PodSecurity "restricted:v1.36": privileged (container "main" must not set securityContext.privileged=true), ' +
        'allowPrivilegeEscalation != false (container "main" must set securityContext.allowPrivilegeEscalation=false)',
    ),
  );
  await stage.accepted(create(namespace), pod('modest'));
  await stage.accepted(['delete', 'pod', 'modest', '-n', namespace]);
}

async function quota(stage: Stage, { namespace, resource, accelerators }: Tenancy): Promise<void> {
  const key = `requests.${resource}`;
  const rendered = stage.objects('ResourceQuota').find(({ metadata }) => metadata.namespace === namespace);
  assert.ok(rendered, `a quota is rendered for ${namespace}`);
  const { name } = rendered.metadata;
  // The quota counts once its controller has taken it in.
  const filled = `jsonpath={.status.hard.${key.replaceAll('.', '\\.')}}=${accelerators}`;
  await stage.accepted(['wait', `--for=${filled}`, '--timeout=20s', `resourcequota/${name}`, '-n', namespace]);

  await stage.accepted(create(namespace), pod('most', { devices: { [resource]: accelerators - 1 } }));
  const beyond = pod('beyond', { devices: { [resource]: 2 } });
  assert.equal(
    await stage.refused(create(namespace), beyond),
    forbidden(
      beyond,
      `exceeded quota: ${name}, requested: ${key}=2, used: ${key}=${accelerators - 1}, limited: ${key}=${accelerators}`,
    ),
  );
  await stage.accepted(create(namespace), pod('last', { devices: { [resource]: 1 } }));
  await stage.accepted(['delete', 'pod', 'most', 'last', '-n', namespace]);
}

/** Accelerators of the same cluster that the tenant was promised none of. */
async function othersAccelerators(stage: Stage, { namespace, resource }: Tenancy): Promise<void> {
  const foreign = tenancies.find((other) => other.cluster === stage.cluster && other.resource !== resource);
  assert.ok(foreign, 'the cluster has accelerators of another maker');
  const stray = pod('stray', { devices: { [foreign.resource]: 1 } });
  assert.match(
    await stage.refused(create(namespace), stray),
    new RegExp(`exceeded quota: .* limited: requests\\.${foreign.resource}=0$`),
  );
}

interface Made {
  readonly spec: { readonly containers: readonly { readonly resources: object }[] };
}

/** Without a request a pod would be packed onto any node, and without a limit it would take the node from its neighbours. */
async function defaults(stage: Stage, { namespace }: Tenancy): Promise<void> {
  const made = await stage.accepted([...create(namespace), '--dry-run=server', '-o', 'json'], pod('plain'));
  assert.deepEqual((JSON.parse(made) as Made).spec.containers[0]?.resources, {
    requests: { cpu: '100m', memory: '256Mi' },
    limits: { cpu: '1', memory: '1Gi' },
  });
  shown('LimitRange', 'behaves', 'a pod that asks for nothing gets its defaults');
}

export const tenantChecks = (stage: Stage): Check[] =>
  tenancies
    .filter(({ cluster }) => cluster === stage.cluster)
    .flatMap((tenancy): Check[] => {
      const title = `${tenancy.cluster}: ${tenancy.namespace}`;
      return [
        [`${title}: Pod Security refuses a privileged pod and admits a modest one`, () => podSecurity(stage, tenancy)],
        [`${title}: ${tenancy.accelerators} x ${tenancy.resource} and not one more`, () => quota(stage, tenancy)],
        [`${title}: none of the other tenants' accelerators`, () => othersAccelerators(stage, tenancy)],
        [`${title}: a pod that asks for nothing gets the limit range's defaults`, () => defaults(stage, tenancy)],
      ];
    });
