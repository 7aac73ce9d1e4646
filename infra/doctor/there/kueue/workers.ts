import { unless, type Checkup, type Trouble } from '../../../../model/checkup.ts';
import type { Text } from '../../../../model/text.ts';
import { unknown, type There } from '../../context.ts';
import { atWork, isBare, unattended } from './at-work.ts';
import { kubeconfigFaults } from './kubeconfig.ts';
import { conditionOf, type Conditioned } from './live.ts';

interface LiveMultiKueueCluster extends Conditioned {
  readonly spec: {
    readonly clusterSource: {
      readonly kubeConfig?: { readonly location: string; readonly locationType?: 'Secret' | 'Path' };
    };
  };
}

/** Kueue's reasons for a worker that it cannot use, in words. Its own message stands behind them. */
const causes: Readonly<Record<string, { readonly what: Text; readonly todo: Text }>> = {
  BadKubeConfig: {
    what: { zh: 'kubeconfig 读不到或不可用', en: 'its kubeconfig is missing or of no use' },
    todo: {
      zh: '在控制器的命名空间放好 Secret，键为 kubeconfig',
      en: "bring the Secret to the controller's namespace, with the key kubeconfig",
    },
  },
  InsecureKubeConfig: {
    what: { zh: 'kubeconfig 用了 Kueue 不允许的写法', en: 'its kubeconfig holds what Kueue does not allow' },
    todo: {
      zh: '证书写入 certificate-authority-data，令牌写入 token；不用文件路径、tokenFile、insecure-skip-tls-verify',
      en: 'give certificate-authority-data and token; no paths of files, no tokenFile, no insecure-skip-tls-verify',
    },
  },
  ClientConnectionFailed: {
    what: { zh: '连不上，或权限不足', en: 'it does not answer, or refuses what Kueue asks' },
    todo: {
      zh: '检查网络和该集群的 API 服务器，以及账户 greenflops-dispatch 的权限（见该集群的检查）',
      en: 'see to the network and its API server, and to the rights of its account greenflops-dispatch (see the checks of that cluster)',
    },
  },
};
const other = {
  what: { zh: '没有激活', en: 'it is not active' },
  todo: { zh: '按 Kueue 的说明处理', en: "see to what Kueue's message says" },
};

/** Whether a manager reaches the clusters that it hands jobs to, and with what. */
export const workers: Checkup<There> = {
  name: { zh: '管理集群到工作集群', en: 'way from manager to workers' },
  run: async (there) => {
    const { reader, objects } = there;
    const [clusters, checks] = await Promise.all([
      reader.items<LiveMultiKueueCluster>('multikueueclusters.kueue.x-k8s.io'),
      reader.items<Conditioned>('admissionchecks.kueue.x-k8s.io'),
    ]);
    const declared = (kind: string) => objects.filter((one) => one.kind === kind).map(({ metadata }) => metadata.name);
    const names = declared('MultiKueueCluster');
    if (!clusters.some(({ metadata }) => names.includes(metadata.name)))
      return unknown('还没有部署', 'not deployed yet');
    const troubles: Trouble[] = [];
    const lost = new Set<string>();
    const { idle } = await atWork(there);
    let unseen = 0;
    for (const name of names) {
      const where = `MultiKueueCluster ${name}`;
      const cluster = clusters.find(({ metadata }) => metadata.name === name);
      if (!cluster) {
        lost.add(name);
        troubles.push({ where, what: { zh: '不存在', en: 'is not there' }, todo: DEPLOY });
        continue;
      }
      const { location = '', locationType = 'Secret' } = cluster.spec.clusterSource.kubeConfig ?? {};
      const faults = locationType === 'Secret' && location !== '' ? await kubeconfigFaults(there, name, location) : [];
      troubles.push(...faults);
      const active = conditionOf(cluster, 'Active');
      if (active?.status === 'True') continue;
      lost.add(name);
      if (faults.length > 0) continue; // the cause is told
      if (idle && isBare(cluster)) {
        unseen += 1; // the controller's own check says so, once
        continue;
      }
      const { what, todo } = causes[active?.reason ?? ''] ?? other;
      troubles.push({
        where,
        what: active
          ? {
              zh: `收不到作业：${what.zh}（${active.reason}：${active.message}）`,
              en: `gets no jobs: ${what.en} (${active.reason}: ${active.message})`,
            }
          : { zh: '没有状态：没有控制器看过它', en: 'has no status: no controller has looked at it' },
        todo: active ? todo : LOG,
      });
    }
    for (const name of declared('AdmissionCheck')) {
      const where = `AdmissionCheck ${name}`;
      const check = checks.find(({ metadata }) => metadata.name === name);
      if (!check) {
        troubles.push({
          where,
          what: {
            zh: '不存在：它的队列不准入任何作业',
            en: 'is not there: its queue admits nothing',
          },
          todo: DEPLOY,
        });
        continue;
      }
      const active = conditionOf(check, 'Active');
      if (active?.status === 'True') continue;
      if (idle && isBare(check)) {
        unseen += 1;
        continue;
      }
      // Its clusters are told above.
      if (active && [...lost].some((one) => active.message.split(/[[\], ]+/).includes(one))) continue;
      troubles.push({
        where,
        what: active
          ? {
              zh: `没有激活，它的队列不准入任何作业（${active.reason}：${active.message}）`,
              en: `is not active, and its queue admits nothing (${active.reason}: ${active.message})`,
            }
          : {
              zh: '没有状态：没有控制器看过它，它的队列不准入任何作业',
              en: 'has no status: no controller has looked at it, and its queue admits nothing',
            },
        todo: active ? DEPLOY : LOG,
      });
    }
    if (troubles.length === 0 && unseen > 0) return unattended;
    return unless(troubles, { zh: `${names.join('、')} 都可用`, en: `${names.join(', ')} can be used` });
  },
};

const DEPLOY = { zh: '运行 npm run deploy', en: 'run npm run deploy' };
const LOG = {
  zh: '查看 Kueue 控制器的日志：MultiKueue 是否启用，它说了什么（见「Kueue 控制器」）',
  en: "read the log of Kueue's controller: whether MultiKueue is on, and what it says of it (see Kueue's controller)",
};
