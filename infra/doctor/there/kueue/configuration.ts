import { unless, type Checkup, type Trouble } from '../../../../model/checkup.ts';
import { kueueConfiguration } from '../../../queues/config/configuration.ts';
import { some, unknown, type Item, type There } from '../../context.ts';
import { controllersOf } from './controllers-of.ts';
import { excludedChips, otherCoefficients, otherSettings } from './differences.ts';
import { CONFIG_MAP, liveConfiguration, type Configuration } from './live-configuration.ts';
import { firsts, selects } from './live.ts';

interface LivePod extends Item {
  readonly status?: {
    readonly phase?: string;
    readonly startTime?: string;
    readonly containerStatuses?: readonly { readonly state?: { readonly running?: { readonly startedAt: string } } }[];
  };
}

/** A quota in PFlops hangs on a file of the controller's, and fails open without it: what stands there, and what it runs with. */
export const configuration: Checkup<There> = {
  name: { zh: 'Kueue 的配置', en: "Kueue's configuration" },
  run: async (there) => {
    const { reader, view } = there;
    const { namespace } = view.cluster.kueue;
    const at = `ConfigMap ${namespace}/${CONFIG_MAP}`;
    const found = await liveConfiguration(reader, namespace);
    if (!found)
      return unknown(
        `没有 ${at}：控制器以什么配置运行，看不出来`,
        `there is no ${at}: what the controller runs with is open`,
      );
    if (!found.configuration)
      return {
        troubles: [
          {
            where: at,
            what: {
              zh: '键 controller_manager_config.yaml 下没有可读的配置：控制器以默认配置运行，或不启动，配额不起作用',
              en: 'holds no readable configuration under controller_manager_config.yaml: the controller runs with its defaults or not at all, and no quota holds',
            },
            todo: mend(there),
          },
        ],
      };
    const has = {
      ...found.configuration,
      featureGates: { ...found.configuration.featureGates, ...(await flags(there)) },
    };
    const want: Configuration = kueueConfiguration(view);
    const troubles: Trouble[] = [
      ...otherCoefficients(want, has),
      ...otherSettings(want, has),
      ...(await unmanaged(there, has)),
      ...(await unled(there, has)),
    ].map((what) => ({ where: at, what, todo: mend(there) }));
    const [without] = excludedChips(want, has);
    if (without)
      troubles.push({
        where: at,
        what: without,
        todo: {
          zh: `从 clusters[].resources 和该 ConfigMap 中去掉它们（声明中有时 synth 会拒绝）：卡由配额放行，不必列为开放资源。然后 ${mend(there).zh}`,
          en: `take them out of clusters[].resources (synth refuses them there) and of this ConfigMap: chips are let in by quotas and are no open resource. Then ${mend(there).en}`,
        },
      });
    const old = await startedBefore(there, found.written);
    if (old.length > 0)
      troubles.push({
        where: at,
        what: {
          zh: `在控制器启动之后写过：${old.join('、')} 仍以当时的配置运行`,
          en: `was written after the controller had started: ${old.join(', ')} runs with what stood there then`,
        },
        todo: {
          zh: `kubectl --context ${reader.context} -n ${namespace} rollout restart deployment/kueue-controller-manager`,
          en: `kubectl --context ${reader.context} -n ${namespace} rollout restart deployment/kueue-controller-manager`,
        },
      });
    const rows = want.resources?.transformations?.length ?? 0;
    return unless(troubles, {
      zh: `${rows} 个换算系数与声明一致`,
      en: `${some(rows, 'coefficient')} as declared`,
    });
  },
};

/** Ours by a deploy; somebody else's by the file that `render` writes for them. */
const mend = ({ reader, view: { cluster } }: There): Trouble['todo'] => {
  const { namespace, manage_config: ours } = cluster.kueue;
  const restart = `kubectl --context ${reader.context} -n ${namespace} rollout restart deployment/kueue-controller-manager`;
  return ours
    ? { zh: `npm run deploy，然后 ${restart}`, en: `npm run deploy, then ${restart}` }
    : {
        zh: `换成 npm run render 写在 ${cluster.id}/kueue 中的配置，然后 ${restart}；或 clusters[].kueue.manage_config: true`,
        en: `put what npm run render writes to ${cluster.id}/kueue there, then ${restart}; or set clusters[].kueue.manage_config: true`,
      };
};

/** Feature gates that the controller is given by flag, as its Helm chart does where it has a list of them. */
async function flags({ reader }: There): Promise<Record<string, boolean>> {
  const args = (await controllersOf(reader)).flatMap(({ spec }) =>
    spec.template.spec.containers.flatMap((one) => one.args ?? []),
  );
  const gates = args.flatMap((arg) => /^--feature-gates=(.*)$/.exec(arg)?.[1]?.split(',') ?? []);
  return Object.fromEntries(gates.map((gate) => [gate.replace(/=.*$/, ''), /=true$/i.test(gate)]));
}

/** Kueue leaves jobs of namespaces alone that its selector does not match: they run uncounted. */
async function unmanaged({ reader, view }: There, { managedJobsNamespaceSelector: selector }: Configuration) {
  if (!selector) return []; // Kueue's default: all but kube-system and its own
  const own = new Set(view.tenants.flatMap(({ namespaces }) => namespaces));
  const left = (await reader.items<Item>('namespaces')).filter(
    ({ metadata: { name, labels } }) =>
      own.has(name) && !selects(selector, { 'kubernetes.io/metadata.name': name, ...labels }),
  );
  if (left.length === 0) return [];
  const names = firsts(left.map(({ metadata }) => metadata.name));
  return [
    {
      zh: `managedJobsNamespaceSelector 不选中租户的命名空间 ${names.zh}：那里的作业不排队，也不计数`,
      en: `managedJobsNamespaceSelector leaves out ${names.en} of tenants: jobs there neither wait nor are they counted`,
    },
  ];
}

/** Several pods of the controller need one that leads; by itself Kueue sees to that. */
async function unled({ reader }: There, { leaderElection }: Configuration) {
  if (leaderElection?.leaderElect !== false) return [];
  const many = (await controllersOf(reader)).find(({ spec }) => (spec.replicas ?? 1) > 1);
  if (!many) return [];
  return [
    {
      zh: `leaderElection.leaderElect 为 false，而控制器有 ${many.spec.replicas} 个副本：它们各自准入，配额被用上几次`,
      en: `leaderElection.leaderElect is false and the controller has ${many.spec.replicas} replicas: each admits by itself, and quotas are used several times`,
    },
  ];
}

/** Pods of the controller that started before that time. */
async function startedBefore({ reader }: There, written: number): Promise<string[]> {
  const old: string[] = [];
  for (const { metadata, spec } of await controllersOf(reader)) {
    const labels = Object.entries(spec.selector.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
    if (labels.length === 0) continue;
    const pods = await reader.items<LivePod>('pods', '-n', metadata.namespace ?? '', '-l', labels.join(','));
    for (const { metadata: pod, status } of pods) {
      if (status?.phase !== 'Running') continue;
      const started = (status.containerStatuses ?? []).flatMap(({ state }) => state?.running?.startedAt ?? []);
      const since = Math.max(...[...started, status.startTime ?? pod.creationTimestamp].map(Date.parse));
      if (since < written) old.push(pod.name);
    }
  }
  return old;
}
