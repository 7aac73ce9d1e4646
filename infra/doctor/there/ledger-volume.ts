import type { Checkup } from '../../../model/checkup.ts';
import { exporter } from '../../stacks/exporter.ts';
import { both, type Item, type There } from '../context.ts';

interface Volume extends Item {
  readonly spec: {
    readonly storageClassName?: string;
    readonly claimRef?: { readonly namespace: string; readonly name: string };
  };
}
interface StorageClass extends Item {
  readonly provisioner: string;
}
interface Claim extends Item {
  readonly status?: { readonly phase?: string };
}

const HAND_MADE = 'kubernetes.io/no-provisioner';

export const ledgerVolume: Checkup<There> = {
  name: { zh: '账本的卷', en: "ledger's volume" },
  run: async ({ reader, view, where }) => {
    if (!view.hostsExporter) return { ok: { zh: '账本不在这个集群', en: 'the ledger is on another cluster' } };
    const { namespace, claim } = exporter;
    const declared = view.plan.estate.telemetry?.ledger.storage_class;
    const name = declared ?? claim;
    const at = where(['telemetry', ...(declared === undefined ? [] : ['ledger', 'storage_class'])]);
    const [bound] = await reader.items<Claim>('persistentvolumeclaim', claim, '-n', namespace);
    if (bound?.status?.phase === 'Bound') return { ok: { zh: `${claim} 已绑定`, en: `${claim} is bound` } };
    const [made] = await reader.items<StorageClass>('storageclass', name);
    if (!made && declared !== undefined)
      return {
        troubles: [
          {
            where: at,
            what: { zh: `集群中没有 StorageClass ${name}`, en: `the cluster has no StorageClass ${name}` },
            todo: {
              zh: '建立它，或改正 telemetry.ledger.storage_class（kubectl get storageclass）',
              en: 'make it, or correct telemetry.ledger.storage_class (kubectl get storageclass)',
            },
          },
        ],
      };
    if (made && made.provisioner !== HAND_MADE) return { ok: both(`${name} (${made.provisioner})`) };
    const free = (await reader.items<Volume>('persistentvolumes')).find(
      ({ spec: { storageClassName, claimRef } }) =>
        storageClassName === name && (!claimRef || (claimRef.namespace === namespace && claimRef.name === claim)),
    );
    if (free) return { ok: { zh: `${name}：卷 ${free.metadata.name}`, en: `${name}: volume ${free.metadata.name}` } };
    return {
      troubles: [
        {
          where: at,
          what: {
            zh: `StorageClass ${name} 不会自动供给卷，也没有属于它的 PersistentVolume：采集器的 Pod 会一直等待`,
            en: `StorageClass ${name} provisions nothing, and no PersistentVolume of it is there: the exporter's pod waits for ever`,
          },
          todo: {
            zh: `在一个节点的本地盘上建一个 storageClassName 为 ${name} 的 PersistentVolume（local 卷，带 nodeAffinity），或在 telemetry.ledger.storage_class 写集群已有的类`,
            en: `make a PersistentVolume with storageClassName ${name} on a node's own disk (a local volume with nodeAffinity), or name a class of the cluster in telemetry.ledger.storage_class`,
          },
        },
      ],
    };
  },
};
