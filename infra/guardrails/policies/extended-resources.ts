import { acceleratorOf } from '../../../model/accelerator-of.ts';
import type { Cluster } from '../../cluster.ts';
import { everyKey } from '../../../model/quota-keys.ts';
import { openResources } from '../../queues/config/configuration.ts';
import { texts } from './cel.ts';
import { offeredPools } from './chips.ts';
import type { PolicyOf } from './policy.ts';
import { bookkeeping, containers, pod, workloads } from './workloads.ts';

const REQUESTS = 'requests.';

/** Names that the namespaces' quotas cap, at 0 where a tenant was promised none, and those that the estate leaves open. */
const known = (view: Cluster): string[] => {
  const { plan } = view;
  const capped = offeredPools(view).flatMap((pool) => {
    const accelerator = acceleratorOf(plan, pool);
    return accelerator ? everyKey(pool, accelerator) : [];
  });
  const names = capped.filter((key) => key.startsWith(REQUESTS)).map((key) => key.slice(REQUESTS.length));
  return [...new Set(['cpu', 'memory', 'ephemeral-storage', ...names, ...openResources(view)])];
};

/** A name that no quota lists is unlimited, and device plugins offer some that the catalogue does not have. */
export const extendedResources: PolicyOf = (view) => {
  const names = texts(known(view));
  const unknown = (of: string) =>
    `one.?resources.?${of}.orValue({}).filter(name, !(name in ${names} || name.startsWith('hugepages-')))`;
  return {
    name: 'extended-resources',
    title: { zh: '只申请配额管得到的资源', en: 'only resources that a quota counts are asked for' },
    on: workloads,
    where: 'tenants',
    unless: bookkeeping(view),
    variables: {
      pod,
      containers,
      unknown: `variables.containers.map(one, ${unknown('limits')} + ${unknown('requests')}).filter(some, some.size() > 0)`,
    },
    rules: [
      {
        allows: 'variables.unknown.size() == 0',
        message: {
          zh: '资源 {name} 不属于本集群的任何资源池，配额管不到：请改用本租户资源池的资源名；网卡等其他设备请运维写入声明的 clusters[].resources',
          en: "resource {name} is of no pool of this cluster, and no quota counts it: ask for a pool of your own by its resource's name; other devices, such as network cards, the operators declare in clusters[].resources",
        },
        values: { name: 'variables.unknown[0][0]' },
      },
    ],
  };
};
