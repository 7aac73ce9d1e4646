import { acceleratorOf } from '../../model/accelerator-of.ts';
import { amountOf } from '../../model/quantity.ts';
import { openKeys, quotaKeys } from '../../model/quota-keys.ts';
import { mostOf } from '../../model/queues/hosts.ts';
import { decimalText } from '../../model/queues/rounding.ts';
import { queueParts, type QueuePart, type TenantQueue } from '../../model/queues/tenant-queues.ts';
import { rational } from '../../model/rational.ts';
import type { Tenant } from '../../model/schema/estate.ts';
import type { Text } from '../../model/text.ts';
import type { Cluster } from '../cluster.ts';
import type { Labels } from '../kubernetes.ts';
import { queuesOf } from '../queues/queues-of.ts';

interface Granted {
  /** Devices by the key of a ResourceQuota */
  readonly counts: ReadonlyMap<string, number>;
  /** Keys without a cap of their own */
  readonly open: readonly string[];
  /** CPU and memory, where Kueue counts them */
  readonly hosts: Labels;
  readonly made: readonly Text[];
}

/**
 * What a namespace of a tenant may request where Kueue admits: of each name the most that the tenant's queue may ever give,
 * for each of its namespaces, because Kueue caps their sum. Less would keep pods from being made whose job Kueue has
 * admitted. It still holds the tenant to its pools where Kueue's configuration is not in force. CPU and memory are capped
 * where Kueue counts them, too. On a manager no pod of a tenant stands: it hands jobs on before they make any.
 */
export function queuedQuota(cluster: Cluster, tenant: Tenant): Granted {
  const { plan, cluster: declared, queuedPools } = cluster;
  if (declared.role === 'manager') return { counts: new Map([['pods', 0]]), open: [], hosts: {}, made: [nothing] };
  const queue = queuesOf(cluster).find((one) => one.tenant === tenant);
  const parts = queueParts(plan, tenant, declared, queuedPools);
  const counts = new Map<string, number>();
  const made: Text[] = [];
  for (const [name, same] of Map.groupBy(parts, ({ resource }) => resource.name)) {
    const total = same.reduce((sum, { nominal, borrowing }) => sum + nominal + borrowing, 0);
    const worth = same.flatMap(({ resource }) => resource.credits ?? []);
    const one = worth.length > 0 ? Math.min(...worth) : undefined;
    const most = mostOf(total, one, queue?.credits);
    for (const key of new Set(same.flatMap((part) => keysOf(cluster, part)))) counts.set(key, most);
    made.push(how(name, same, total, one, most, queue));
  }
  const open = parts.flatMap(({ pool }) => {
    const accelerator = acceleratorOf(plan, pool);
    return accelerator ? openKeys(pool, accelerator) : [];
  });
  const hosts = declared.kueue.count_hosts && queue ? hostsOf(queue) : {};
  if (queue) made.push(whole(queue));
  return { counts, open, hosts, made };
}

const nothing: Text = {
  zh: '管理集群只派发作业，不运行容器组：容器组和加速卡都为 0',
  en: 'a manager hands jobs on and runs none: no pods, no chips',
};

/** Keys under which Kubernetes counts what Kueue counts under one name: HAMi's request has a twin, and a claim two names. */
function keysOf({ plan }: Cluster, { pool, resource: { name, slice } }: QueuePart): string[] {
  const accelerator = acceleratorOf(plan, pool);
  const keys = accelerator ? quotaKeys(pool, accelerator, slice).map(([key]) => key) : [];
  return pool.sharing.by === 'dra' ? keys : keys.filter((key) => key.replace(/^(requests|limits)\./, '') === name);
}

function hostsOf({ groups }: TenantQueue): Labels {
  const most = (resource: string): number =>
    groups.reduce((total, { resources, flavors }) => {
      const at = resources.indexOf(resource);
      return flavors.reduce(
        (sum, { shares }) => sum + (shares[at]?.nominal ?? 0) + (shares[at]?.borrowing ?? 0),
        total,
      );
    }, 0);
  return Object.fromEntries(['cpu', 'memory'].map((name) => [`requests.${name}`, amountOf(name, most(name))]));
}

const pflops = (gflops: number): string => decimalText(rational(gflops, 1_000_000));

function how(
  name: string,
  parts: readonly QueuePart[],
  total: number,
  one: number | undefined,
  most: number,
  queue: TenantQueue | undefined,
): Text {
  const pools = [...new Set(parts.map(({ pool }) => pool.id))].join(', ');
  const { nominal = 0, borrowing = 0 } = queue?.credits ?? {};
  const sum = pflops(nominal + borrowing);
  const lent =
    borrowing > 0
      ? { zh: `（含可借 ${pflops(borrowing)}）`, en: ` (${pflops(borrowing)} of it borrowed)` }
      : { zh: '', en: '' };
  const each = one === undefined ? '' : decimalText(rational(one, 1000));
  return one === undefined
    ? { zh: `${name}：${most}（${pools}）`, en: `${name}: ${most} (${pools})` }
    : {
        zh: `${name}：${most}，为 ${pools} 的 ${total} 与 ${sum} PFlops${lent.zh} ÷ ${each} TFLOPS 中较小者`,
        en: `${name}: ${most}, the less of ${total} of ${pools} and ${sum} PFlops${lent.en} / ${each} TFLOPS`,
      };
}

const whole = ({ tenant: { id } }: TenantQueue): Text => ({
  zh: `以上是 Kueue 队列 ${id} 至多可准入的数量，每个命名空间都写全数，各命名空间之和由该队列控制`,
  en: `this is the most that Kueue's queue ${id} may admit, written whole in each namespace: the queue caps their sum`,
});
