import { unless, type Checkup, type Trouble } from '../../../../model/checkup.ts';
import { managerOf } from '../../../../model/queues/scope.ts';
import { accountObjects, dispatchAccount, dispatchUser } from '../../../dispatch/account.ts';
import type { ClusterRole, KubernetesObject } from '../../../kubernetes.ts';
import { unknown, type Item, type There } from '../../context.ts';
import { full, type LiveLocalQueue } from './live.ts';

interface LiveAdmissionCheck extends Item {
  readonly spec: { readonly controllerName: string };
}

/** Whether a worker lets its manager in, and has the doors of the same names: what is missing here stays silent there. */
export const account: Checkup<There> = {
  name: { zh: '管理集群的账户', en: "manager's account" },
  run: async (there) => {
    const { reader, view } = there;
    const { estate } = view.plan;
    const manager = managerOf(estate, view.cluster);
    if (!manager) return { ok: { zh: '没有管理集群', en: 'no manager hands jobs to it' } };
    const { namespace } = view.cluster.kueue;
    const troubles: Trouble[] = [];
    const [found] = await reader.items<Item>('serviceaccount', dispatchAccount, '-n', namespace);
    if (!found)
      troubles.push({
        where: `ServiceAccount ${namespace}/${dispatchAccount}`,
        what: {
          zh: `不存在：管理集群 ${manager.id} 进不来`,
          en: `is not there: manager ${manager.id} cannot come in`,
        },
        todo: { zh: '运行 npm run deploy', en: 'run npm run deploy' },
      });
    const lacks = found ? await lacking(there) : [];
    if (lacks.length > 0)
      troubles.push({
        where: `ServiceAccount ${namespace}/${dispatchAccount}`,
        what: {
          zh: `缺少权限：${lacks.join('、')}`,
          en: `may not ${lacks.join(', ')}`,
        },
        todo: {
          zh: '运行 npm run deploy 恢复它的 ClusterRole 和绑定',
          en: 'run npm run deploy, which brings its ClusterRole and binding back',
        },
      });
    const checks = await reader.items<LiveAdmissionCheck>('admissionchecks.kueue.x-k8s.io');
    const handing = checks.filter(({ spec }) => spec.controllerName === 'kueue.x-k8s.io/multikueue');
    if (handing.length > 0)
      troubles.push({
        where: `AdmissionCheck ${handing.map(({ metadata }) => metadata.name).join(', ')}`,
        what: {
          zh: '工作集群自己也把作业交给别的集群（MultiKueue）：作业会转来转去，不运行',
          en: 'this worker hands jobs on itself (MultiKueue): they go round and never run',
        },
        todo: {
          zh: '从工作集群删除它和引用它的队列设置，或把它声明为 role: manager',
          en: 'take it off the worker with what names it in queues, or declare the cluster as role: manager',
        },
      });
    const doors = await otherDoors(there, manager.id);
    if (doors)
      troubles.push(
        ...doors.map((one) => ({
          where: `LocalQueue ${one}`,
          what: {
            zh: `管理集群 ${manager.id} 有，这里没有：交到这里的作业一直等待，管理集群上没有任何提示`,
            en: `is on manager ${manager.id} and not here: jobs that are handed here wait for ever, and the manager says nothing`,
          },
          todo: {
            zh: '在这里建立同名的 LocalQueue，或让作业用队列 default',
            en: 'make a LocalQueue of that name here, or let jobs use queue default',
          },
        })),
      );
    if (troubles.length === 0 && !doors)
      return unknown(
        `账户和权限都在；管理集群 ${manager.id} 没有回答，队列名无法比较`,
        `account and rights are there; manager ${manager.id} does not answer, so names of queues are not compared`,
      );
    return unless(troubles, {
      zh: `${manager.id} 可以进来，队列同名`,
      en: `${manager.id} may come in, and queues have the same names`,
    });
  },
};

const isRole = (object: KubernetesObject): object is ClusterRole => object.kind === 'ClusterRole';

/** The API server is asked for every right of the account's role at once, as `kubectl auth can-i --as` asks it for one. */
async function lacking({ reader, view }: There): Promise<string[]> {
  const { namespace } = view.cluster.kueue;
  const rules = accountObjects(view)
    .filter(isRole)
    .flatMap((role) => role.rules);
  const asked = rules.flatMap(({ apiGroups = [], resources = [], verbs }) =>
    apiGroups.flatMap((group) => resources.flatMap((resource) => verbs.map((verb) => ({ group, resource, verb })))),
  );
  const items = asked.map(({ group, resource: path, verb }) => {
    const [resource, subresource] = path.split('/');
    return {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      spec: {
        user: dispatchUser(view),
        groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
        resourceAttributes: { group, resource, subresource, verb },
      },
    };
  });
  const { code, stdout, stderr } = await reader.run(
    ['create', '-f', '-', '-o', 'jsonpath={.status.allowed}{"\\n"}'],
    JSON.stringify({ apiVersion: 'v1', kind: 'List', items }),
  );
  const answers = stdout.split('\n').filter(Boolean);
  if (code !== 0 || answers.length !== asked.length) throw new Error(stderr.trim().split('\n').at(-1));
  const missing = asked.filter((_, i) => answers[i] !== 'true');
  return [...Map.groupBy(missing, ({ resource }) => resource)].map(
    ([resource, own]) => `${own.map(({ verb }) => verb).join('/')} ${resource}`,
  );
}

/** Queues of its tenants that the manager has and this worker lacks, but those that are declared here; undefined where it does not answer. */
async function otherDoors({ reader, objects, estate, view }: There, manager: string): Promise<string[] | undefined> {
  const from = estate.find((one) => one.view.cluster.id === manager);
  const namespaces = new Set(view.tenants.flatMap((tenant) => tenant.namespaces));
  const own = new Set([
    ...(await reader.items<LiveLocalQueue>('localqueues.kueue.x-k8s.io')).map(full),
    ...objects.flatMap(({ kind, metadata }) => (kind === 'LocalQueue' ? `${metadata.namespace}/${metadata.name}` : [])),
  ]);
  try {
    const theirs = (await from?.reader.items<LiveLocalQueue>('localqueues.kueue.x-k8s.io')) ?? [];
    return theirs
      .filter(({ metadata }) => namespaces.has(metadata.namespace ?? ''))
      .map(full)
      .filter((one) => !own.has(one));
  } catch {
    return undefined;
  }
}
