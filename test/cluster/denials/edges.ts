import assert from 'node:assert/strict';
import type { Check } from '../../tally.ts';
import type { Stage } from '../stage.ts';
import type { Api, Who } from './api.ts';
import { collection, create, patch } from './asks.ts';
import { claim, container, deployment, GENERAL, pod } from './objects.ts';
import { admin, controller, lin } from './people.ts';
import { goes, HERE, passes, until } from './really.ts';
import { send } from './row.ts';
import { wildNamespaces, wildObjects } from './wild.ts';

const noted = { metadata: { annotations: { note: 'a' } } };

interface Named {
  readonly kind: string;
  readonly metadata: { readonly name: string };
}
const placeOf = (object: object, namespace?: string): string => {
  const { kind, metadata } = object as Named;
  return `${collection(kind, namespace)}/${metadata.name}`;
};
const wilds = [
  ...wildObjects.map((object) => placeOf(object, HERE)),
  ...wildNamespaces.map((object) => placeOf(object)),
];

/** Kubernetes' own bookkeeping passes on what breaks every policy, and nobody else's. */
async function kept(api: Api): Promise<void> {
  for (const path of wilds) {
    const ask = (who: Who) => api.ask('PATCH', `${path}?dryRun=All`, noted, who);
    await passes(ask(controller('generic-garbage-collector')));
    const { message } = await ask(admin);
    assert.match(message, / is forbidden: ValidatingAdmissionPolicy 'greenflops-/, path);
  }
}

const released = { metadata: { finalizers: null } };
/** What would change under the cover of an end */
const others: Readonly<Record<string, (spec: Spec) => object>> = {
  Deployment: ({ template }) => ({ spec: { template: { spec: template.spec, metadata: { labels: { note: 'a' } } } } }),
  Pod: ({ containers }) => ({ spec: { containers: containers.map((one) => ({ ...one, image: 'evil.example/y:1' })) } }),
  Secret: () => ({ metadata: { labels: { note: 'a' } } }),
};
interface Spec {
  readonly template: { readonly spec: object };
  readonly containers: readonly object[];
}

/** What ends loses its finalizers, whatever it is like, and changes nothing else under that cover. */
async function ends(api: Api): Promise<void> {
  for (const path of wilds)
    await passes(api.ask('DELETE', path, { gracePeriodSeconds: 0, propagationPolicy: 'Background' }));
  for (const object of wildObjects) {
    const other = others[(object as Named).kind];
    if (!other) continue;
    const path = placeOf(object, HERE);
    const { spec } = (await api.ask('GET', path)).body as { spec: Spec };
    const { message } = await api.ask('PATCH', path, { ...released, ...other(spec) });
    assert.match(message, / is forbidden: ValidatingAdmissionPolicy 'greenflops-/, path);
  }
  for (const path of wilds) await passes(api.ask('PATCH', path, released));
  for (const path of wilds) await until(`${path} is gone`, async () => (await api.ask('GET', path)).code === 404);
}

/** A tenant takes away what it had before the policies. */
const goesAway = (api: Api): Promise<void> => goes(api, 'Deployment', 'old');

/** A claim's own reference to another namespace is dropped by the server before any policy sees it. */
async function dropped(api: Api): Promise<void> {
  const from = { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: 'night', namespace: 'ore-vault' };
  const { body, message } = await send(api, create(lin, HERE, claim('copied', GENERAL, { dataSourceRef: from })));
  assert.equal(message, '');
  const { dataSourceRef } = (body as { spec: { dataSourceRef?: { namespace?: string } } }).spec;
  assert.equal(dataSourceRef?.namespace, undefined);
}

/** A volume that an administrator chose for a tenant: the claim is the tenant's to label and to note. */
const chosen = (api: Api): Promise<void> => passes(send(api, patch(lin, HERE, 'PersistentVolumeClaim/chose', noted)));

/** What a CEL expression may cost is limited, and the request fails where it is passed. */
async function large(api: Api): Promise<void> {
  const many = <T>(count: number, one: (i: number) => T) => Array.from({ length: count }, (_, i) => one(i));
  const spec = {
    containers: many(100, (i) =>
      container({ name: `c${i}`, env: many(50, (j) => ({ name: `E${j}`, value: 'x'.repeat(100) })) }),
    ),
    tolerations: many(100, (i) => ({ key: `vendor.example/${i}`, operator: 'Exists', effect: 'PreferNoSchedule' })),
    volumes: many(100, (i) => ({ name: `v${i}`, emptyDir: {} })),
  };
  await passes(send(api, create(lin, HERE, pod('large', spec))));
  await passes(send(api, create(lin, HERE, deployment('large', { spec }))));
}

/** kubectl as its user sees it: a WebSocket that begins as a GET, and the message on stderr. */
async function byKubectl(stage: Stage): Promise<void> {
  const as = ['--as=ore', '--as-group=greenflops:tenant:ore-safe'];
  const said = await stage.refused(['exec', 'live', '-n', 'ore-vault', ...as, '--', 'id']);
  assert.match(
    said,
    /^error: unable to upgrade connection: pods "live" is forbidden: .*用户 ore 没有 important 级数据的授权/,
  );
}

/** What is older than the policies, what ends, what is large, and what the server does by itself. */
export const edgeChecks = (stage: Stage, api: Api): Check[] => [
  ["Kubernetes' bookkeeping passes on whatever is older than the policies", () => kept(api)],
  ['what ends loses its finalizers and changes nothing else', () => ends(api)],
  ['a deployment older than the policies goes with its pods', () => goesAway(api)],
  ["a claim's source in another namespace is dropped by the server", () => dropped(api)],
  ["a claim on a volume that an administrator chose is its tenant's to change", () => chosen(api)],
  ['a pod with a hundred containers stays below what the policies may cost', () => large(api)],
  ['kubectl exec tells its user what is missing', () => byKubectl(stage)],
];
