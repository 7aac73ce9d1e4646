import { unless, type Checkup, type Trouble } from '../../../../model/checkup.ts';
import { both, unknown, type There } from '../../context.ts';
import { atWork } from './at-work.ts';
import { controllersOf } from './controllers-of.ts';

/** 0.19.2: the layout of quotas that the stacks write was proved with it; before 0.19 a pod's wait says less. */
const LEAST = [0, 19, 2] as const;

/** Whether Kueue's controller runs, once, where the estate says, and in a version that the queues were proved with. */
export const controller: Checkup<There> = {
  name: { zh: 'Kueue 控制器', en: "Kueue's controller" },
  run: async (there) => {
    const {
      reader,
      view: { plan, cluster },
      where,
    } = there;
    const { namespace } = cluster.kueue;
    const path = ['clusters', plan.estate.clusters.indexOf(cluster), 'kueue'];
    const found = await controllersOf(reader);
    const [first] = found;
    const { idle, bare } = await atWork(there);
    const untold = { zh: `没有写过状态：${bare.join('、')}`, en: `it has written no status of ${bare.join(', ')}` };
    if (!first && idle && bare.length > 0)
      return {
        troubles: [
          {
            where: where(path),
            what: {
              zh: `没有在运行的 Kueue 控制器，没有作业会被准入：看不到它的 Deployment，${untold.zh}`,
              en: `no controller of Kueue is at work, and no job is admitted: no Deployment of it is to be seen, and ${untold.en}`,
            },
            todo: {
              zh: `在命名空间 ${namespace} 安装 Kueue ${LEAST.join('.')} 或更新，配置用 npm run render 写在 ${cluster.id}/kueue 中的`,
              en: `install Kueue ${LEAST.join('.')} or newer in namespace ${namespace}, with the configuration that npm run render writes to ${cluster.id}/kueue`,
            },
          },
        ],
      };
    if (!first)
      return unknown(
        `没有找到 Kueue 控制器的 Deployment：它在不在运行、是什么版本，看不出来`,
        `no Deployment of Kueue's controller is to be seen: whether it runs, and in which version, is open`,
      );
    const troubles: Trouble[] = [];
    const names = found.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
    if (found.length > 1)
      troubles.push({
        where: where(path),
        what: {
          zh: `有 ${found.length} 个 Kueue 控制器：${names.join('、')}，它们互相改写队列的状态`,
          en: `there are ${found.length} controllers of Kueue: ${names.join(', ')}, which overwrite each other's status of queues`,
        },
        todo: { zh: '只保留一个，删除其余的', en: 'keep one and delete the others' },
      });
    if (!found.some(({ metadata }) => metadata.namespace === namespace))
      troubles.push({
        where: where([...path, 'namespace']),
        what: {
          zh: `Kueue 控制器在命名空间 ${first.metadata.namespace}，声明为 ${namespace}`,
          en: `Kueue's controller is in namespace ${first.metadata.namespace}, and the declaration says ${namespace}`,
        },
        todo: {
          zh: '改正 clusters[].kueue.namespace：配置和工作集群的 Secret 都写在那里',
          en: 'correct clusters[].kueue.namespace: its configuration and the Secrets of workers are written there',
        },
      });
    const open: string[] = [];
    for (const [i, { spec, status }] of found.entries()) {
      const at = `Deployment ${names[i]}`;
      if ((status?.readyReplicas ?? 0) === 0)
        troubles.push({
          where: at,
          what: {
            zh: `没有就绪的 Pod：没有任何作业会被准入${idle && bare.length > 0 ? `；${untold.zh}` : ''}`,
            en: `has no pod that is ready: no job is admitted${idle && bare.length > 0 ? `; ${untold.en}` : ''}`,
          },
          todo: {
            zh: `kubectl --context ${reader.context} -n ${found[i]?.metadata.namespace} logs deployment/${found[i]?.metadata.name}；配置有错时它不启动`,
            en: `kubectl --context ${reader.context} -n ${found[i]?.metadata.namespace} logs deployment/${found[i]?.metadata.name}; it does not start with a wrong configuration`,
          },
        });
      const image = spec.template.spec.containers[0]?.image ?? '';
      const version = versionOf(image);
      if (!version) open.push(image);
      else if (older(version))
        troubles.push({
          where: at,
          what: {
            zh: `Kueue ${version.join('.')} 太旧：需要 ${LEAST.join('.')} 或更新`,
            en: `Kueue ${version.join('.')} is too old: ${LEAST.join('.')} or newer is needed`,
          },
          todo: { zh: '升级 Kueue 及其 CRD', en: 'upgrade Kueue with its CRDs' },
        });
    }
    if (troubles.length === 0 && open.length > 0)
      return unknown(
        `控制器在运行，镜像 ${open.join('、')} 不含版本号：须为 ${LEAST.join('.')} 或更新`,
        `it runs, and image ${open.join(', ')} tells no version: it must be ${LEAST.join('.')} or newer`,
      );
    return unless(
      troubles,
      both(`${names[0]} ${versionOf(first.spec.template.spec.containers[0]?.image ?? '')?.join('.')}`),
    );
  },
};

/** Of registry.k8s.io/kueue/kueue:v0.19.2, with or without a digest behind it. */
function versionOf(image: string): readonly number[] | undefined {
  const [, version] = /:v?(\d+\.\d+\.\d+)[^/]*$/.exec(image.replace(/@.*$/, '')) ?? [];
  return version?.split('.').map(Number);
}

function older(version: readonly number[]): boolean {
  const at = LEAST.findIndex((part, i) => part !== version[i]);
  return at >= 0 && (version[at] ?? 0) < (LEAST[at] ?? 0);
}
