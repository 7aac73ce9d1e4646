import { unless, type Checkup, type Trouble } from '../../../model/checkup.ts';
import { unknown, type Item, type There } from '../context.ts';

/** Those that refuse, and those that add what a job lacks; what it means where one is missing. */
const kinds = {
  ValidatingAdmissionPolicy: { zh: '不存在，这条策略不起作用', en: 'is not there, so this policy forbids nothing' },
  MutatingAdmissionPolicy: {
    zh: '不存在：作业缺的标签和注解没有人补上，一直等待',
    en: 'is not there, so nothing adds what a job lacks, and it waits for ever',
  },
} as const;

/** Whether what is declared to be forbidden is refused: the policies are there, bound, and say no to a probe that they must refuse. */
export const policies: Checkup<There> = {
  name: { zh: '准入策略', en: 'admission policies' },
  run: async (there) => {
    const { reader, objects } = there;
    const names = objects.filter(({ kind }) => kind in kinds).map(({ metadata }) => metadata.name);
    const troubles: Trouble[] = [];
    let deployed = names.length === 0;
    for (const [kind, what] of Object.entries(kinds)) {
      const own = objects.filter((one) => one.kind === kind).map(({ metadata }) => metadata.name);
      if (own.length === 0) continue;
      const stem = kind.toLowerCase().replace(/y$/, '');
      const [present, bound] = await Promise.all(
        ['ies', 'ybindings'].map((end) => reader.items<Item>(`${stem}${end}`)),
      );
      deployed ||= own.some((name) => has(present, name));
      for (const name of own) {
        if (has(present, name) && has(bound, name)) continue;
        const part = has(present, name) ? 'Binding' : '';
        troubles.push({ where: `${kind}${part} ${name}`, what, todo: DEPLOY });
      }
    }
    if (!deployed) return unknown('还没有部署', 'not deployed yet');
    const probed = await probe(there);
    if (typeof probed === 'string')
      return unless(troubles, {
        zh: `${names.length} 条都在；探针被 ${probed} 拒绝`,
        en: `all ${names.length} are there; the probe was refused by ${probed}`,
      });
    return unless([...troubles, ...probed], {
      zh: `${names.length} 条都在；这里没有租户的命名空间可以一试`,
      en: `all ${names.length} are there; there is no tenant's namespace to try them in`,
    });
  },
};

const has = (items: readonly Item[] | undefined, name: string): boolean =>
  items?.some(({ metadata }) => metadata.name === name) ?? false;

const DEPLOY = { zh: '运行 npm run deploy', en: 'run npm run deploy' };

/**
 * A pod whose image comes by tag from nowhere, and which is right otherwise. It is never made: the server only judges it.
 * The name of the policy that refuses it, or what is wrong where none does.
 */
async function probe({ reader, view }: There): Promise<string | Trouble[]> {
  const [tenant] = view.tenants;
  const [namespace] = tenant?.namespaces ?? [];
  if (!tenant || namespace === undefined) return [];
  const image = 'greenflops-doctor.invalid/probe:latest';
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'greenflops-doctor',
      namespace,
      labels: { 'greenflops.io/data-class': tenant.data_class, 'kueue.x-k8s.io/queue-name': 'default' },
    },
    spec: {
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        { name: 'probe', image, securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } } },
      ],
    },
  };
  const { code, stderr } = await reader.run(['create', '--dry-run=server', '-f', '-'], JSON.stringify(pod));
  // A policy that only warns is named, too.
  const refusedBy = /ValidatingAdmissionPolicy '(greenflops-[a-z-]+)' with binding '[^']+' denied request/.exec(
    stderr,
  )?.[1];
  if (refusedBy !== undefined) return refusedBy;
  const where = `namespace ${namespace}`;
  if (code === 0)
    return [
      {
        where,
        what: {
          zh: `一个镜像为 ${image} 的 Pod（只作检查，不创建）被接受：策略在，却没有生效`,
          en: `a pod with the image ${image} (only judged, never made) was accepted: the policies are there and not in force`,
        },
        todo: {
          zh: 'kubectl get validatingadmissionpolicybindings -o yaml：validationActions 须含 Deny，namespaceSelector 须选中租户的命名空间；npm run deploy 可恢复',
          en: 'kubectl get validatingadmissionpolicybindings -o yaml: validationActions must hold Deny and namespaceSelector must select the tenants; npm run deploy mends both',
        },
      },
    ];
  const why = stderr.trim().split('\n').at(-1) ?? '';
  return [
    {
      where,
      what: {
        zh: `探针被别的规则拒绝，看不出策略是否生效：${why}`,
        en: `the probe was refused by something else, so nothing shows that the policies are in force: ${why}`,
      },
      todo: { zh: '先按该信息处理，再运行一次', en: 'see to that first, then run this again' },
    },
  ];
}
