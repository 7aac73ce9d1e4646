import { managerOf } from '../../model/queues/scope.ts';
import type { Cluster } from '../../model/schema/estate.ts';
import type { Obstacle, Rule } from '../deployable/obstacle.ts';
import { kueueFrameworks } from '../queues/config/configuration.ts';

/** Kueue reads no file elsewhere (gate MultiKueueKubeConfigPathValidation, on by default). */
const FILES = '/etc/multikueue/kubeconfigs/';

/** What would keep a manager's Kueue from a worker, where the worker alone would show it. */
export const dispatchObstacles: Rule = ({ estate }) =>
  estate.clusters.flatMap((worker, i): Obstacle[] => {
    const manager = managerOf(estate, worker);
    return manager ? [...kinds(worker, manager, i), ...file(worker, i)] : [];
  });

/** The manager watches each kind that it knows on each worker, and gives up on one where a kind is missing. */
function kinds(worker: Cluster, manager: Cluster, i: number): Obstacle[] {
  const there = new Set(kueueFrameworks({ cluster: worker }));
  const missing = kueueFrameworks({ cluster: manager }).filter((one) => !there.has(one));
  if (missing.length === 0) return [];
  const [zh, en] = [missing.join('、'), missing.join(', ')];
  return [
    {
      path: ['clusters', i],
      detail: {
        zh: `管理集群 ${manager.id} 声明了能派发 ${zh} 的控制器，而 ${worker.id} 没有：Kueue 在 ${worker.id} 上监视不到这些种类，会把整个集群当作连不上。请在 ${worker.id} 装上并写入 controllers，或从 ${manager.id} 的 controllers 中去掉`,
        en: `manager ${manager.id} declares the controllers of ${en}, and ${worker.id} does not: its Kueue cannot watch these kinds there and takes the whole cluster for lost. Install them on ${worker.id} and list them in its controllers, or take them out of those of ${manager.id}`,
      },
    },
  ];
}

function file({ kueue: { kubeconfig } }: Cluster, i: number): Obstacle[] {
  if (!kubeconfig || !('file' in kubeconfig)) return [];
  const { file: path } = kubeconfig;
  if (path.startsWith(FILES) && !path.split('/').includes('..')) return [];
  return [
    {
      path: ['clusters', i, 'kueue', 'kubeconfig', 'file'],
      detail: {
        zh: `Kueue 只读 ${FILES} 下的 kubeconfig 文件：请把 ${path} 挂载到那里并改写，或改用 secret`,
        en: `Kueue reads kubeconfig files below ${FILES} alone: mount ${path} there and name that, or use a secret`,
      },
    },
  ];
}
