import type { Checkup } from '../../../model/checkup.ts';
import { both, type Item, type There } from '../context.ts';

/** DaemonSets of networks, by how their names begin: whether NetworkPolicies do anything there. */
const networks: readonly (readonly [name: string, enforces: boolean])[] = [
  ['calico-node', true],
  ['canal', true],
  ['cilium', true],
  ['antrea-agent', true],
  ['kube-router', true],
  ['kube-ovn-cni', true],
  ['ovnkube-node', true],
  ['ovs-ovn', true],
  ['weave-net', true],
  ['kube-network-policies', true],
  ['kube-flannel', false],
  ['flannel', false],
  ['kindnet', false],
  ['aws-node', false],
];

export const cni: Checkup<There> = {
  name: { zh: '网络策略', en: 'network policies' },
  run: async ({ reader }) => {
    const found = (await reader.items<Item>('daemonsets')).flatMap(({ metadata: { name, namespace } }) => {
      const row = networks.find(([start]) => name === start || name.startsWith(`${start}-`));
      return row ? [{ name: `${namespace}/${name}`, enforces: row[1] }] : [];
    });
    const enforcing = found.find(({ enforces }) => enforces);
    if (enforcing) return { ok: both(enforcing.name) };
    const [alone] = found;
    if (!alone)
      return {
        unknown: {
          zh: '没有找到已知的网络插件（calico、cilium、antrea、kube-router、kube-ovn、ovn-kubernetes、weave）的 DaemonSet；请自己确认一个 default-deny 的命名空间确实不通',
          en: 'no DaemonSet of a network that is known here (calico, cilium, antrea, kube-router, kube-ovn, ovn-kubernetes, weave); try yourself that nothing gets into a namespace with default-deny',
        },
      };
    return {
      troubles: [
        {
          where: alone.name,
          what: {
            zh: '这个网络插件不执行 NetworkPolicy：租户之间没有隔离',
            en: 'this network enforces no NetworkPolicy: tenants are not kept apart',
          },
          todo: {
            zh: '换用或加装能执行策略的网络（calico、cilium、antrea、kube-ovn……；flannel 可加 canal 或 kube-network-policies）',
            en: 'use a network that enforces them, or add one (calico, cilium, antrea, kube-ovn …; canal or kube-network-policies beside flannel)',
          },
        },
      ],
    };
  },
};
