import { peakTflops } from '../../model/peak.ts';
import { floor, parseDecimal, type Rational } from '../../model/rational.ts';
import type { Accelerator } from '../../model/schema/accelerators.ts';
import type { Tenant } from '../../model/schema/estate.ts';
import type { Text } from '../../model/text.ts';
import type { Cluster } from '../cluster.ts';

/**
 * The packages that a quota in PFlops buys, by the model's dense FP16 peak, rounded down: a quota is a cap, so that the
 * tenants together never hold more packages than their promises in PFlops fit into. 0 where the peak is unknown.
 */
export function packagesOf(pflops: number, accelerator: Accelerator): number {
  const peak = peakTflops(accelerator, 'fp16');
  if (peak === undefined) return 0;
  const [quota, each] = [exact(pflops), exact(peak)];
  return Number(floor({ n: quota.n * 1000n * each.d, d: quota.d * each.n }));
}

/** The decimal as it was written: 31.2 PFlops of 312 TFLOPS are 100 packages, not 99. */
function exact(value: number): Rational {
  const read = parseDecimal(String(value));
  if (!read) throw new RangeError(`${value} is no finite number`);
  return read;
}

export interface NamespaceQuota {
  readonly hard: Readonly<Record<string, string>>;
  /** How the numbers were made, for whoever reads the quota */
  readonly made: Text;
}

/**
 * What one namespace of a tenant may request of a cluster's accelerators. Every resource name of every pool is capped, 0
 * where the tenant has no quota: a name that no quota lists is unlimited. Device plugins count what exporters give an
 * id, which is a die where a package holds two. Kubernetes has no quota over several namespaces, so the tenant's packages
 * are shared out evenly, the first namespaces taking what is left over: their sum never passes the tenant's quota.
 */
export function namespaceQuota({ plan, pools }: Cluster, tenant: Tenant, namespace: string): NamespaceQuota {
  const hard = new Map<string, number>();
  const made: Text[] = [];
  const { length: parts } = tenant.namespaces;
  const place = tenant.namespaces.indexOf(namespace);
  for (const pool of pools) {
    const accelerator = plan.accelerators.get(pool.accelerator);
    if (!accelerator) continue; // loadPlan has refused it
    let packages = 0;
    for (const { pool: id, pflops } of tenant.quota) {
      if (id !== pool.id) continue;
      const whole = packagesOf(pflops, accelerator);
      const share = Math.floor(whole / parts) + (place < whole % parts ? 1 : 0);
      packages += share;
      const peak = peakTflops(accelerator, 'fp16');
      made.push({
        zh: `${pool.id}：${pflops} PFlops ÷ 稠密 FP16 峰值 ${peak} TFLOPS，向下取整为 ${whole} 卡，本命名空间 ${share} 卡`,
        en: `${pool.id}: ${pflops} PFlops / ${peak} TFLOPS dense FP16, rounded down to ${whole} packages, ${share} in this namespace`,
      });
    }
    // A cluster runs one device plugin for a card; a quota on a name that nobody offers does nothing.
    for (const resource of new Set(Object.values(accelerator.resources))) {
      const key = `requests.${resource}`;
      hard.set(key, (hard.get(key) ?? 0) + packages * accelerator.dies_per_package);
    }
  }
  const join = (language: 'zh' | 'en', by: string) => made.map((text) => text[language]).join(by);
  return {
    hard: Object.fromEntries([...hard].map(([key, count]) => [key, String(count)])),
    made: { zh: join('zh', '；'), en: join('en', '; ') },
  };
}
