import { unless, type Checkup, type Trouble } from '../../../../model/checkup.ts';
import { workersOfTenant } from '../../../dispatch/workers.ts';
import type { Declared, There } from '../../context.ts';
import { atWork, unattended } from './at-work.ts';
import { firsts, full, holds, type LiveWorkload } from './live.ts';
import { notTakenBy, type Cause } from './not-taken-by.ts';

const PATIENCE = 300_000; // ms; a worker that has room takes a job within seconds

interface Stuck extends Cause {
  readonly worker: string;
}

/**
 * Jobs that a manager has reserved its quota for and that no worker takes: it holds their check as Pending and says
 * nothing. The cause stands on the workers, where it is looked for.
 */
export const dispatched: Checkup<There> = {
  name: { zh: '没有工作集群接收的作业', en: 'jobs that no worker takes' },
  run: async (there) => {
    const { reader, now } = there;
    const reserved = (await reader.items<LiveWorkload>('workloads.kueue.x-k8s.io')).filter(
      (one) =>
        holds(one, 'QuotaReserved') &&
        !holds(one, 'Finished') &&
        one.status?.admissionChecks?.some(
          ({ state, message, lastTransitionTime }) =>
            state === 'Pending' && message === '' && now() - Date.parse(lastTransitionTime) > PATIENCE,
        ),
    );
    if (reserved.length === 0 && (await atWork(there)).idle) return unattended;
    if (reserved.length === 0) return { ok: { zh: '没有', en: 'there are none' } };
    const troubles: Trouble[] = [];
    const found: { workload: LiveWorkload; stuck: Stuck }[] = [];
    for (const workload of reserved)
      for (const worker of workersFor(there, workload)) {
        found.push({
          workload,
          stuck: { worker: worker.view.cluster.id, ...(await notTakenBy(there, worker, workload)) },
        });
      }
    for (const same of Map.groupBy(found, ({ stuck }) => `${stuck.worker} ${stuck.what.en}`).values()) {
      const [first] = same;
      if (!first) continue;
      const names = firsts(same.map(({ workload }) => full(workload)));
      const { worker, what, todo } = first.stuck;
      troubles.push({
        where: `Workload ${names.en}`,
        what: {
          zh: `占着管理集群的配额，却没有集群接收；工作集群 ${worker}：${what.zh}`,
          en: `holds the manager's quota and no cluster takes it; worker ${worker}: ${what.en}`,
        },
        todo,
      });
    }
    return unless(troubles, {
      zh: `${reserved.length} 个在等，声明中没有可去的工作集群`,
      en: `${reserved.length} wait, and the declaration has no worker for them`,
    });
  },
};

/** Those that its tenant's jobs are handed to. */
function workersFor({ view, estate }: There, { status }: LiveWorkload): Declared[] {
  const tenant = view.tenants.find(({ id }) => id === status?.admission?.clusterQueue);
  const ids = tenant ? workersOfTenant(view, tenant).map(({ id }) => id) : [];
  return estate.filter((one) => ids.includes(one.view.cluster.id));
}
