import { acceleratorOf } from '../../model/accelerator-of.ts';
import { quotaUnit, unitsOf, type QuotaUnit } from '../../model/quota-unit.ts';
import { exactDecimal, floor, multiply, rational } from '../../model/rational.ts';
import type { Accelerator } from '../../model/schema/accelerators.ts';
import type { Pool, Tenant } from '../../model/schema/estate.ts';
import type { Text } from '../../model/text.ts';
import type { Cluster } from '../cluster.ts';
import { anyClaim, everyKey, openKeys, quotaKeys } from '../../model/quota-keys.ts';
import { hostKeys, hostPart, type HostPart } from './host-quota.ts';
import { queuedQuota } from './queued-quota.ts';

export interface NamespaceQuota {
  readonly hard: Readonly<Record<string, string>>;
  /** How the numbers were made, for whoever reads the quota */
  readonly made: Text;
}

/** Ways in past the operators' gateway, and with them past all that the network policies say of namespaces. */
const EXPOSED = ['services.loadbalancers', 'services.nodeports'];

/**
 * What one namespace of a tenant may request of a cluster's accelerators. Every name of every pool is capped, 0 where the
 * tenant has no quota: a name that no quota lists is unlimited.
 */
export function namespaceQuota(cluster: Cluster, tenant: Tenant, namespace: string): NamespaceQuota {
  const { counts, open, hosts, made } = cluster.cluster.kueue.enabled
    ? queuedQuota(cluster, tenant)
    : sharedQuota(cluster, tenant, namespace);
  const hard = new Map(closedKeys(cluster).map((key) => [key, 0]));
  for (const [key, count] of counts) hard.set(key, count);
  for (const key of open) hard.delete(key);
  const told = [...tenant.quota.flatMap(({ pool }) => (isAbsent(cluster, pool) ? [notNow(pool)] : [])), ...made];
  const join = (language: 'zh' | 'en', by: string) => told.map((text) => text[language]).join(by);
  return {
    hard: {
      ...Object.fromEntries([...hard].map(([key, count]) => [key, String(count)])),
      ...hosts,
      ...(tenant.expose ? {} : Object.fromEntries(EXPOSED.map((key) => [key, '0']))),
    },
    made: { zh: join('zh', '；'), en: join('en', '; ') },
  };
}

/**
 * Where no queue adds up a tenant's namespaces: PFlops by the pool's dense FP16 peak, in the units in which the pool hands
 * out its chips, rounded down. Kubernetes has no quota over several namespaces, so the tenant's units are shared out
 * evenly, the first namespaces taking what is left over: their sum never passes the tenant's quota. CPU and memory go with
 * the chips where every pool of the tenant here says how much of its hosts goes with one.
 */
function sharedQuota(cluster: Cluster, tenant: Tenant, namespace: string) {
  const counts = new Map<string, number>();
  const open: string[] = [];
  const made: Text[] = [];
  const hosts: (HostPart | undefined)[] = [];
  const { length: parts } = tenant.namespaces;
  const place = tenant.namespaces.indexOf(namespace);
  for (const { pool: id, slice, pflops } of tenant.quota) {
    const pool = cluster.pools.find((one) => one.id === id);
    const accelerator = pool && acceleratorOf(cluster.plan, pool);
    const unit = accelerator && quotaUnit(pool, accelerator, slice);
    if (!unit) continue; // of another cluster; what is none at all loadPlan has refused
    const whole = unitsOf(pflops, unit);
    const share = Math.floor(whole / parts) + (place < whole % parts ? 1 : 0);
    for (const [key, each] of quotaKeys(pool, accelerator, slice))
      counts.set(key, (counts.get(key) ?? 0) + Number(floor(multiply(rational(share), each))));
    open.push(...openKeys(pool, accelerator));
    hosts.push(hostPart(pool, accelerator, unit, share));
    made.push(how(pool, pflops, accelerator, unit, whole, share));
  }
  const host = hostKeys(hosts);
  return { counts, open, hosts: host?.hard ?? {}, made: [...made, ...(host ? [host.made] : [])] };
}

/** A pool of the cluster whose time has not come, or is over. */
const isAbsent = ({ plan, cluster, pools }: Cluster, pool: string | undefined): boolean =>
  plan.estate.pools.some(({ id, cluster: of }) => id === pool && of === cluster.id) &&
  !pools.some(({ id }) => id === pool);

const notNow = (pool: string | undefined): Text => ({
  zh: `${pool}：部署时不在有效期内，不计`,
  en: `${pool}: not valid when this was made, counts nothing`,
});

const closed = new WeakMap<Cluster, readonly string[]>();

/** Every key by which a chip of the cluster's pools could be had; looked up once for all its namespaces. */
function closedKeys(cluster: Cluster): readonly string[] {
  const known = closed.get(cluster);
  if (known) return known;
  // Of a manager those of its workers.
  const keys = [...new Set([...cluster.pools, ...cluster.queuedPools])].flatMap((pool) => {
    const accelerator = acceleratorOf(cluster.plan, pool);
    return accelerator ? everyKey(pool, accelerator) : [];
  });
  const all = [...new Set([...keys, anyClaim])];
  closed.set(cluster, all);
  return all;
}

function how(
  { id }: Pool,
  pflops: number,
  { peak_tflops: { fp16 = 0 } }: Accelerator,
  { tflops, name }: QuotaUnit,
  whole: number,
  share: number,
): Text {
  const peak = exactDecimal(fp16);
  const [n, d] = lowest(tflops.n * peak.d, tflops.d * peak.n); // of a card: 1/7, 1/4, one per cent
  const of = (text: string) => (n === d ? text : `(${text} × ${n}/${d})`);
  return {
    zh: `${id}：${pflops} PFlops ÷ ${of(`稠密 FP16 峰值 ${fp16} TFLOPS`)}，向下取整为 ${whole} ${name.zh}，本命名空间分得 ${share}`,
    en: `${id}: ${pflops} PFlops / ${of(`${fp16} TFLOPS dense FP16`)}, rounded down to ${whole} ${name.en}, ${share} in this namespace`,
  };
}

function lowest(n: bigint, d: bigint): [bigint, bigint] {
  let [a, b] = [n, d];
  while (b > 0n) [a, b] = [b, a % b];
  return [n / a, d / a];
}
