import { deployments, pods } from '../affinity.ts';
import { container, pod } from '../objects.ts';
import { pair } from '../pair.ts';
import { lab } from '../people.ts';
import type { Row } from '../row.ts';

const CARD = 'huawei.com/Ascend910B4';
const parts =
  `资源池 p-hami 的卡按份额共享：每个容器只申请 1 个 ${CARD}，并写明 ${CARD}-core 和 ${CARD}-memory（大于 0）；需要多张整卡请改用整卡池 / ` +
  `chips of pool p-hami are shared by parts: a container asks for 1 ${CARD} and says how much ${CARD}-core and ${CARD}-memory (above 0); for several whole chips use a pool of whole chips`;
const asks = (limits: Readonly<Record<string, string>>) => ({ containers: [container({ resources: { limits } })] });
const part = { [CARD]: '1', [`${CARD}-core`]: '10', [`${CARD}-memory`]: '1024' };

const uncounted = (name: string) =>
  `资源 ${name} 不属于本集群的任何资源池，配额管不到：请改用本租户资源池的资源名；网卡等其他设备请运维写入声明的 clusters[].resources / resource ${name} is of no pool of this cluster, and no quota counts it: ask for a pool of your own by its resource's name; other devices, such as network cards, the operators declare in clusters[].resources`;
const begins = (limits: Readonly<Record<string, string>>) => ({
  initContainers: [container({ name: 'begins', resources: { limits } })],
});

const classes =
  '申领的设备类不属于本命名空间有配额的资源池：deviceClassName 请写本租户资源池的 id / a claimed device class is of no pool on which this namespace has a quota: write the id of a pool of your own as deviceClassName';
const deviceClaim = (name: string, deviceClassName: string) => ({
  apiVersion: 'resource.k8s.io/v1',
  kind: 'ResourceClaim',
  metadata: { name },
  spec: { devices: { requests: [{ name: 'card', exactly: { deviceClassName } }] } },
});

/** Chips that a quota would not count as they are asked for. */
const chips = (id: string, policy: string, says: string, bad: object, good: object): Row =>
  pair(id, { who: lab, namespace: 'share-lab', policy, says, bad, good });

export const chipRows: readonly Row[] = [
  chips(
    'whole-chips-of-a-shared-pool',
    'shared-chips',
    parts,
    pod('whole-chips-of-a-shared-pool', asks({ ...part, [CARD]: '2' })),
    pod('whole-chips-of-a-shared-pool', asks(part)),
  ),
  pods(
    'resource-of-no-pool',
    'extended-resources',
    uncounted('huawei.com/npu-core'),
    asks({ 'huawei.com/npu-core': '64' }),
    asks({ 'rdma/hca': '64', 'hugepages-2Mi': '2Mi', memory: '1Gi' }), // the estate leaves network cards open
  ),
  deployments(
    'resource-of-no-pool-in-a-template',
    'extended-resources',
    uncounted('nvidia.com/gpumem-percentage'),
    begins({ 'nvidia.com/gpumem-percentage': '100' }),
    begins({ 'nvidia.com/gpu': '100' }), // the quota caps it at 0, and so refuses its pods
  ),
  chips(
    'device-class-of-no-pool',
    'device-classes',
    classes,
    deviceClaim('device-class-of-no-pool', 'gpu.nvidia.com'),
    deviceClaim('device-class-of-no-pool', 'p-dra'),
  ),
];
