import { everyObject } from '../apply.ts';
import { shown } from '../evidence.ts';
import { startKwok } from '../kwok.ts';
import type { Part } from '../part.ts';
import { openProving, type Proving } from '../proving.ts';
import { classesRepaired } from './classes.ts';
import { makeNodes } from './nodes.ts';
import { allocated, claims, exactly, host, otherNames, parts } from './quotas.ts';
import { intolerant, lands, otherPool, runtimeClass } from './scheduling.ts';
import { missingTerraform } from '../deploy.ts';
import { absent, once, repaired, twice } from './script.ts';
import { throughTerraform } from './terraform.ts';
import { counted, grantOf, grants } from './work.ts';

async function opened(stage: Proving): Promise<void> {
  await everyObject(stage);
  for (const namespace of ['ore-vault', 'copper-train', 'copper-serve', 'share-lab']) await counted(stage, namespace);
  for (const kind of ['RuntimeClass', 'DeviceClass', 'ResourceQuota'])
    shown(kind, 'applied', 'kubectl apply --server-side');
}

/** With Kueue a namespace's quota is what its queue may admit at most: here it is what holds a tenant by itself. */
const withoutKueue = (estate: string): string =>
  estate.replace('kueue: { enabled: true }', 'kueue: { enabled: false }');

/** Pools of every vendor and of every way to share: the real scheduler and quotas, on nodes whose kubelets KWOK plays. */
export const pools: Part = {
  name: 'pools',
  async checks(ends) {
    const stage = await openProving(ends, { change: withoutKueue });
    await startKwok(ends, stage.plane);
    return [
      ['every object of the proving estate is accepted, and its quotas count', () => opened(stage)],
      ['nodes join with the rendered taints, and are ready', () => makeNodes(stage)],
      ['an outside edit of a runtime or device class is shown and taken back', () => classesRepaired(stage)],
      [
        'terraform labels the nodes and makes the classes, as kubectl makes them, and takes them away again',
        () => throughTerraform(stage),
        missingTerraform(),
      ],
      [
        'the rendered script labels and taints what had joined before, each pool by a manager of its own',
        () => once(stage),
      ],
      ['the script changes nothing the second time', () => twice(stage)],
      ['the script puts back a label and a taint that somebody changed', () => repaired(stage)],
      ...grants.flatMap((grant) => [
        [`${grant.pool}: pods of its tenant land on its nodes alone`, () => lands(stage, grant)] as const,
        [
          `${grant.pool}: a pod without toleration stays pending, and the scheduler says why`,
          () => intolerant(stage, grant),
        ] as const,
        [`${grant.pool}: its quota admits what was promised, and not one more`, () => exactly(stage, grant)] as const,
      ]),
      ['p-a800: CPU and memory go with its cards, and services are no way in', () => host(stage, grantOf('p-a800'))],
      ['p-hami: a container asks for one chip and says which part of it', () => parts(stage, grantOf('p-hami'))],
      ['a pod that tolerates another pool of its tenant stays pending', () => otherPool(stage)],
      ['p-910b: its runtime class leads a pod to it', () => runtimeClass(stage, 'p-910b')],
      ['p-mig: its runtime class leads a pod to it', () => runtimeClass(stage, 'p-mig')],
      [
        'chips are not to be had by their other names',
        () =>
          otherNames(stage, grantOf('p-mig'), [
            'nvidia.com/gpu',
            'nvidia.com/mig-3g.40gb',
            'nvidia.com/gpucores',
            'huawei.com/Ascend910B3',
            'huawei.com/Ascend910-5c.1cpu.8g',
            'hygon.com/dcunum',
            'deviceclass.resource.kubernetes.io/gpu.nvidia.com',
          ]),
      ],
      ["p-dra: claims are counted by the class, the driver's own class gives nothing", () => claims(stage)],
      ["p-dra: the scheduler allocates the pool's devices to a claim", () => allocated(stage)],
      ['the script says which node is not there, and serves the others', () => absent(stage)],
    ];
  },
};
