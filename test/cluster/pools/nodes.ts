import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { loadPlan } from '../../../model/load.ts';
import { nodeObject } from '../kwok.ts';
import type { Proving } from '../proving.ts';

/**
 * The machines behind the proving estate's pools, and what their device plugins offer. HAMi's scheduler keeps cores and
 * memory in annotations and hides them from Kubernetes' own; here the node offers them, so that the real one counts them.
 */
export const machines: Readonly<Record<string, { readonly nodes: readonly string[]; readonly devices: object }>> = {
  'p-a800': { nodes: ['a800-0', 'a800-1'], devices: { 'nvidia.com/gpu': '8' } },
  'p-910b': { nodes: ['npu-0', 'npu-1'], devices: { 'huawei.com/Ascend910': '8' } },
  'p-rdma': { nodes: ['dcu-0'], devices: { 'hygon.com/dcu': '8' } },
  'p-mig': { nodes: ['mig-0'], devices: { 'nvidia.com/mig-1g.10gb': '14', 'nvidia.com/mig-3g.40gb': '2' } },
  'p-turns': { nodes: ['turns-0'], devices: { 'nvidia.com/gpu.shared': '16' } },
  'p-hami': {
    nodes: ['hami-0'],
    devices: {
      'huawei.com/Ascend910B4': '80',
      'huawei.com/Ascend910B4-core': '800',
      'huawei.com/Ascend910B4-memory': '262144',
    },
  },
  'p-dra': { nodes: ['dra-0'], devices: {} },
};

/** The node that is in no pool. */
export const PLAIN = 'plain-0';
/** One that joined before anybody gave its kubelet the fragment. */
export const EARLY = 'npu-1';

/** Makes every node as its kubelet would with the fragment of its pool; labels that we set are left to the script. */
export async function makeNodes(stage: Proving): Promise<void> {
  const { plan, folder } = stage;
  const { pools } = loadPlan(plan).estate;
  assert.deepEqual(pools.map(({ id }) => id).toSorted(), Object.keys(machines).toSorted(), 'every pool has machines');
  const objects = pools.flatMap(({ id, nodes }) => {
    const { registerWithTaints: taints } = parse(
      readFileSync(join(folder, 'nodes', `90-greenflops-${id}.conf`), 'utf8'),
    ) as { registerWithTaints: readonly unknown[] };
    const machine = machines[id];
    assert.ok(machine && taints.length > 0, id);
    if ('names' in nodes) assert.deepEqual(nodes.names, machine.nodes);
    return machine.nodes.map((name) =>
      nodeObject({
        name,
        labels: 'selector' in nodes ? nodes.selector : {},
        taints: name === EARLY ? [] : taints,
        devices: { ...machine.devices },
      }),
    );
  });
  const items = [...objects, nodeObject({ name: PLAIN })];
  await stage.accepted(['create', '-f', '-'], { apiVersion: 'v1', kind: 'List', items });
  await stage.accepted(['wait', '--for=condition=Ready', '--timeout=60s', 'nodes', '--all']);
}
