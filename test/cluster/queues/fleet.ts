import { parse } from 'yaml';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeObject } from '../kwok.ts';
import type { Proving } from '../proving.ts';

/** Machines of one pool of the province: alike, as their device plugin reports them. */
interface Machines {
  readonly nodes: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly devices: Readonly<Record<string, string>>;
  readonly racks?: readonly string[];
}

/** Written by hand from docs/scheduling/estate.yaml: eight chips a machine. */
export const fleet: Readonly<Record<string, Readonly<Record<string, Machines>>>> = {
  'nc-a': {
    'nc-a800': { nodes: 8, labels: { accelerator: 'nvidia-a800' }, devices: { 'nvidia.com/gpu': '8' } },
    'nc-910b': {
      nodes: 16,
      labels: { accelerator: 'ascend-910b3' },
      devices: { 'huawei.com/Ascend910B3': '8' },
      racks: ['r1', 'r2'],
    },
  },
  'py-a': {
    'py-h20': { nodes: 8, labels: { accelerator: 'nvidia-h20' }, devices: { 'nvidia.com/mig-7g.96gb': '8' } },
    'py-910a': { nodes: 8, labels: { accelerator: 'ascend-910a' }, devices: { 'huawei.com/Ascend910A': '8' } },
  },
};

/** Makes the machines of a cluster with the taints that the rendered fragments of their kubelets say. */
export async function makeFleet(stage: Proving): Promise<void> {
  const items = Object.entries(fleet[stage.cluster] ?? {}).flatMap(([pool, { nodes, labels, devices, racks = [] }]) => {
    const fragment = join(stage.folder, 'nodes', `90-greenflops-${pool}.conf`);
    const { registerWithTaints: taints } = parse(readFileSync(fragment, 'utf8')) as { registerWithTaints: unknown[] };
    return Array.from({ length: nodes }, (_, i) => {
      const rack = racks[i % Math.max(1, racks.length)];
      const name = `${pool}-${i}`;
      return nodeObject({
        name,
        labels: { ...labels, ...(rack && { 'topology.jiangxi/rack': rack }) },
        taints,
        devices,
      });
    });
  });
  // Where pods go that ask for no chip
  items.push(nodeObject({ name: 'plain-0' }));
  await stage.accepted(['create', '--validate=false', '-f', '-'], { apiVersion: 'v1', kind: 'List', items });
  await stage.accepted(['wait', '--for=condition=Ready', '--timeout=60s', 'nodes', '--all']);
}
