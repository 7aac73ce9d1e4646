import assert from 'node:assert/strict';
import { shown } from '../evidence.ts';
import type { Proving } from '../proving.ts';
import { create, fate, gone, tolerations, work, type Grant } from './work.ts';

/** Pods that take all, and one more that asks for the least that there is beyond it: refused by figures. */
export async function exactly(stage: Proving, grant: Grant): Promise<void> {
  const { namespace, most, each } = grant;
  // Parts of a chip are asked for with the chip, one by one; of whole ones and slices a pod may take many.
  const inParts = Object.keys(each).some((name) => !(name in most));
  const full = inParts ? Math.min(...Object.entries(most).map(([name, all]) => all / (each[name] ?? 1))) : 1;
  assert.ok(Number.isInteger(full), 'the pods take all that there is');
  for (let i = 0; i < full; i++)
    await stage.accepted(create(namespace), work(`most-${i}`, grant, inParts ? each : most));
  for (const [name, all] of Object.entries(most)) {
    const one = inParts ? Object.fromEntries(Object.keys(each).map((key) => [key, 1])) : { [name]: 1 };
    const said = await stage.refused(create(namespace), work('beyond', grant, one));
    assert.match(said, /pods "beyond" is forbidden: exceeded quota: accelerators, requested: /);
    for (const figure of [`=1`, `requests.${name}=${all}`]) assert.ok(said.includes(figure), said);
    assert.match(said, new RegExp(`used: .*requests\\.${name}=${all}.*limited: .*requests\\.${name}=${all}`));
  }
  await gone(stage, namespace);
  const limits = Object.entries(most).map(([name, all]) => `${all} ${name}`);
  shown('ResourceQuota', 'behaves', `${grant.pool}: ${limits.join(', ')} and not one more`);
}

/** Names of the same chips that the tenant was promised none by, and one that nobody in the estate uses. */
export async function otherNames(stage: Proving, grant: Grant, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const said = await stage.refused(create(grant.namespace), work('sly', grant, { [name]: 1 }));
    assert.ok(said.endsWith(`limited: requests.${name}=0`), said);
  }
}

const GIBI = 2 ** 30;

/** CPU and memory that go with the chips, and services that would be a way in: 9 cards with 8 cores and 64Gi each. */
export async function host(stage: Proving, grant: Grant): Promise<void> {
  for (const [asked, limit] of [
    [{ cpu: 73 }, 'requests.cpu=72'],
    [{ memory: 577 * GIBI }, 'requests.memory=576Gi'],
  ] as const) {
    const said = await stage.refused(create(grant.namespace), work('hungry', grant, asked));
    assert.match(said, /pods "hungry" is forbidden: exceeded quota: accelerators/);
    assert.ok(said.includes(`limited: ${limit}`), said);
  }
  await stage.accepted(create(grant.namespace), work('fed', grant, { cpu: 72, memory: 576 * GIBI }));
  await gone(stage, grant.namespace);
  for (const [type, key] of [
    ['LoadBalancer', 'services.loadbalancers'],
    ['NodePort', 'services.nodeports'],
  ] as const) {
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'door' },
      spec: { type, ports: [{ port: 80 }] },
    };
    const said = await stage.refused(create('copper-train'), service);
    assert.match(said, /services "door" is forbidden: exceeded quota: accelerators/);
    assert.ok(said.includes(`${key}=0`), said);
  }
  shown('ResourceQuota', 'behaves', `${grant.pool}: 72 CPUs and 576Gi with 9 cards; no load balancer, no node port`);
}

/** A part that is not stated is a whole chip to HAMi, and two chips at a half each are one whole: neither is counted so. */
export async function parts(stage: Proving, { namespace, dataClass, each }: Grant): Promise<void> {
  const refused = async (devices: Readonly<Record<string, number>>) =>
    stage.refused(create(namespace), work('unsaid', { dataClass }, devices));
  const names = Object.keys(each);
  const [count = ''] = names;
  for (const missing of names.slice(1))
    assert.match(
      await refused(Object.fromEntries(Object.entries(each).filter(([name]) => name !== missing))),
      /chips of pool p-hami are shared by parts: a container asks for 1 huawei\.com\/Ascend910B4/,
    );
  assert.match(await refused({ ...each, [count]: 2 }), /需要多张整卡请改用整卡池/);
  const idle = Object.fromEntries(names.map((name) => [name, name === count ? 1 : 0]));
  assert.match(await refused(idle), /shared by parts/);
}

const request = (deviceClassName: string, count: number) => ({
  spec: { devices: { requests: [{ name: 'card', exactly: { deviceClassName, count } }] } },
});
const claim = (name: string, deviceClass: string, count: number) => ({
  apiVersion: 'resource.k8s.io/v1',
  kind: 'ResourceClaim',
  metadata: { name },
  ...request(deviceClass, count),
});

/** Claims are counted by the devices of the pool's class; the driver's own class gives none. */
export async function claims(stage: Proving): Promise<void> {
  const namespace = 'share-lab';
  await stage.accepted(create(namespace), claim('two', 'p-dra', 2));
  const key = 'p-dra.deviceclass.resource.k8s.io/devices';
  const beyond = await stage.refused(create(namespace), claim('third', 'p-dra', 1));
  assert.ok(
    beyond.includes('resourceclaims.resource.k8s.io "third" is forbidden: exceeded quota: accelerators'),
    beyond,
  );
  assert.ok(
    beyond.includes(`${key}=1`) && beyond.includes(`used: ${key}=2`) && beyond.includes(`limited: ${key}=2`),
    beyond,
  );
  const around = await stage.refused(create(namespace), claim('around', 'gpu.nvidia.com', 1));
  assert.match(around, /a claimed device class is of no pool on which this namespace has a quota/);
  // A class that a driver brings and that nobody declared, in a template
  const template = { ...claim('template', 'mig.nvidia.com', 1), kind: 'ResourceClaimTemplate' };
  const hidden = await stage.refused(create(namespace), { ...template, spec: { spec: template.spec } });
  assert.match(hidden, /申领的设备类不属于本命名空间有配额的资源池/);
  const stranger = await stage.refused(create('ore-vault'), claim('stranger', 'p-dra', 1));
  assert.match(
    stranger,
    /resourceclaims\.resource\.k8s\.io "stranger" is forbidden: .*a claimed device class is of no pool/,
  );
  await stage.accepted(['delete', 'resourceclaim', 'two', '-n', namespace]);
  shown('ResourceQuota', 'behaves', 'claims by the device class of the pool: 2 and not one more');
}

/** A driver's slice of the node's devices, some of another model: the class takes those of the pool alone. */
export async function allocated(stage: Proving): Promise<void> {
  const device = (name: string, productName: string) => ({
    name,
    attributes: { productName: { string: productName } },
  });
  await stage.accepted(['create', '-f', '-'], {
    apiVersion: 'resource.k8s.io/v1',
    kind: 'ResourceSlice',
    metadata: { name: 'dra-0-gpu' },
    spec: {
      driver: 'gpu.nvidia.com',
      nodeName: 'dra-0',
      pool: { name: 'dra-0', generation: 1, resourceSliceCount: 1 },
      devices: [device('gpu-0', 'NVIDIA A10'), device('gpu-1', 'NVIDIA H20'), device('gpu-2', 'NVIDIA H20')],
    },
  });
  const namespace = 'share-lab';
  await stage.accepted(create(namespace), {
    apiVersion: 'resource.k8s.io/v1',
    kind: 'ResourceClaimTemplate',
    metadata: { name: 'cards' },
    spec: request('p-dra', 2),
  });
  const by = {
    tolerations: tolerations(stage, 'p-dra'),
    resourceClaims: [{ name: 'cards', resourceClaimTemplateName: 'cards' }],
  };
  const wanted = work('claims', { dataClass: 'general' }, {}, by);
  await stage.accepted(create(namespace), wanted);
  const { node, why } = await fate(stage, namespace, 'claims');
  assert.equal(node, 'dra-0', why);
  const { items } = JSON.parse(await stage.accepted(['get', 'resourceclaims', '-n', namespace, '-o', 'json'])) as {
    items: readonly { status?: { allocation?: { devices: { results: readonly { device: string }[] } } } }[];
  };
  const devices = items.flatMap(({ status }) => status?.allocation?.devices.results.map((one) => one.device) ?? []);
  assert.deepEqual(devices.toSorted(), ['gpu-1', 'gpu-2']);
  await gone(stage, namespace);
  shown('DeviceClass', 'behaves', "a claim gets devices of the pool's model, on its node, by the real scheduler");
}
