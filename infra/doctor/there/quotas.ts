import { acceleratorOf } from '../../../model/accelerator-of.ts';
import { unless, type Checkup, type Trouble } from '../../../model/checkup.ts';
import type { ResourceQuota } from '../../kubernetes.ts';
import { originOf } from '../../admission/origin.ts';
import { quotaKeys } from '../../../model/quota-keys.ts';
import { some, unknown, type Item, type There } from '../context.ts';
import { units, without, type Node } from './pool-nodes.ts';

interface LiveQuota extends Item {
  readonly status?: { readonly hard?: Readonly<Record<string, string>> };
}

const isQuota = (object: There['objects'][number]): object is ResourceQuota => object.kind === 'ResourceQuota';
const GRACE = 10_000; // ms; the controller takes one second

/** Quotas that nothing counts, for which Terraform waits in vain, and quotas on what no node has. */
export const quotas: Checkup<There> = {
  name: { zh: '配额', en: 'quotas' },
  run: async (there) => {
    const { reader, objects, view, where, now } = there;
    const declared = objects.filter(isQuota);
    const troubles: Trouble[] = [];
    const namespaces = new Set(declared.map(({ metadata }) => metadata.namespace));
    const live = (await reader.items<LiveQuota>('resourcequotas')).filter(({ metadata }) =>
      namespaces.has(metadata.namespace),
    );
    for (const { metadata, status } of live)
      if (!status?.hard && now() - Date.parse(metadata.creationTimestamp) > GRACE)
        troubles.push({
          where: `ResourceQuota ${metadata.namespace}/${metadata.name}`,
          what: {
            zh: '没有 status.hard：没有控制器在计数，Terraform 会一直等到超时，配额也不起作用',
            en: 'has no status.hard: no controller counts it, Terraform waits for it in vain, and it caps nothing',
          },
          todo: {
            zh: '检查 kube-controller-manager 是否在运行，且 --controllers 含 resourcequota',
            en: 'see that kube-controller-manager runs and that its --controllers include resourcequota',
          },
        });
    const runsJobs = view.cluster.role === 'worker'; // a manager has no nodes that jobs run on
    const nodes = await reader.items<Node>('nodes');
    const parts = hundredths(there);
    // Where Kueue admits, each namespace's quota is the most that its tenant may ever hold, and Kueue caps their sum.
    const queued = view.cluster.kueue.enabled;
    for (const [key, hard] of total(runsJobs ? declared : [], queued ? Math.max : plus)) {
      if (parts.has(key) || !key.includes('/')) continue; // CPU and memory go with chips, which are counted here
      const resource = key.replace('requests.', '');
      const offered = nodes.reduce((sum, { status }) => sum + units(status?.allocatable?.[resource]), 0);
      if (!key.startsWith('requests.') || offered === 0 || hard <= offered) continue; // a name that no node offers is another device plugin's
      const largest = declared.toSorted((a, b) => units(b.spec.hard[key]) - units(a.spec.hard[key]))[0];
      const origin = largest && originOf(largest, view.cluster.id, view.plan.estate);
      troubles.push({
        where: `${origin ? `${where(origin.path)} ` : ''}${resource}`,
        what: {
          zh: `租户的配额${queued ? '最多' : '共'} ${hard} 个，节点只提供 ${offered} 个：超出的部分会一直等待`,
          en: `the tenants' quotas ${queued ? 'go up' : 'come'} to ${hard}, and nodes offer ${offered}: what is above it waits for ever`,
        },
        todo: {
          zh: '减小配额（tenants[].quota），或补齐节点',
          en: 'lower the quotas (tenants[].quota), or bring the nodes',
        },
      });
    }
    const unseen =
      runsJobs && view.pools.length > 0 && troubles.length === 0 ? await without(there, view.pools) : undefined;
    if (unseen) return unseen;
    if (troubles.length === 0 && declared.length === 0)
      return { ok: { zh: '这个集群没有配额', en: 'there are none on this cluster' } };
    if (troubles.length === 0 && live.length === 0)
      return unknown(
        `还没有部署${runsJobs ? `；声明的 ${declared.length} 个不超过节点所提供的` : ''}`,
        `not deployed yet${runsJobs ? `; ${some(declared.length, 'quota')} within what nodes offer` : ''}`,
      );
    return unless(troubles, {
      zh: `${live.length} 个都有控制器计数${runsJobs ? '，且不超过节点所提供的' : ''}`,
      en: `${some(live.length, 'quota')} counted${runsJobs ? ' and within what nodes offer' : ''}`,
    });
  },
};

/** Of HAMi's cards quotas count hundredths, and nodes offer however many the plugin was told to cut. */
const hundredths = ({ view: { plan, pools } }: There): ReadonlySet<string> =>
  new Set(
    pools
      .filter(({ sharing }) => sharing.by === 'hami')
      .flatMap((pool) => {
        const accelerator = acceleratorOf(plan, pool);
        return accelerator ? quotaKeys(pool, accelerator).map(([key]) => key) : [];
      }),
  );

const plus = (a: number, b: number): number => a + b;

function total(declared: readonly ResourceQuota[], add: (a: number, b: number) => number): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { spec } of declared)
    for (const [key, value] of Object.entries(spec.hard)) sums.set(key, add(sums.get(key) ?? 0, units(value)));
  return sums;
}
