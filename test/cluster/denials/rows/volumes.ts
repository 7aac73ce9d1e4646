import { deployments, pods } from '../affinity.ts';
import { create, patch } from '../asks.ts';
import { claim, claimSpec, CLASS, GENERAL, IMAGE, pod, QUEUED, statefulSet } from '../objects.ts';
import { pair } from '../pair.ts';
import { admin, lin, ore } from '../people.ts';
import { refusal, type Row } from '../row.ts';

const says = (name: string, path = '') =>
  `${path}spec.volumes 中的 "${name}" 直接挂载存储，绕过网络策略和数据分级：请改用 persistentVolumeClaim，卷声明写明分级 / volume "${name}" of ${path}spec.volumes mounts storage past network policies and data classes: use persistentVolumeClaim, whose claim states its class`;
const chosen =
  "卷声明不得以 spec.volumeName 或 spec.selector 挑选已有的卷：请去掉，由 StorageClass 新建卷；要用已有的卷，请集群管理员建立卷声明 / no claim may choose a volume by spec.volumeName or spec.selector: leave them out, and the StorageClass makes a new one; for a volume that is there have the cluster's administrators make the claim";

const volume = (name: string, source: object) => ({ volumes: [{ name, ...source }] });
const nfs = volume('share', { nfs: { server: '10.9.9.9', path: '/' } });
const iscsi = volume('disk', { iscsi: { targetPortal: '10.9.9.9:3260', iqn: 'iqn.2026-01.example:disk', lun: 0 } });
const csi = volume('share', {
  csi: { driver: 'nfs.csi.k8s.io', volumeAttributes: { server: '10.9.9.9', share: '/' } },
});
const claimed = volume('data', { persistentVolumeClaim: { claimName: 'live' } });
const everyKind = {
  volumes: [
    { name: 'a', configMap: { name: 'a' } },
    { name: 'b', secret: { secretName: 'b' } },
    { name: 'c', projected: { sources: [{ configMap: { name: 'c' } }] } },
    { name: 'd', downwardAPI: { items: [{ path: 'name', fieldRef: { fieldPath: 'metadata.name' } }] } },
    { name: 'e', emptyDir: {} },
    { name: 'f', image: { reference: IMAGE } },
    ...claimed.volumes,
  ],
};
const IMPORTANT = { ...QUEUED, [CLASS]: 'important' };

const named = { volumeName: 'night' };
const selecting = { selector: { matchLabels: { [CLASS]: 'important' } } };
const template = (fields: object) => ({
  fields: { volumeClaimTemplates: [{ metadata: { name: 'data', labels: GENERAL }, spec: claimSpec({ ...fields }) }] },
});
const choosing = (id: string, fields: object): Row =>
  pair(id, {
    who: lin,
    policy: 'claim-sources',
    says: chosen,
    bad: claim(id, GENERAL, { ...fields }),
    good: claim(id),
  });

export const volumeRows: readonly Row[] = [
  pair('csi-volume', {
    who: ore,
    namespace: 'ore-vault',
    policy: 'volumes',
    says: says('share'),
    bad: pod('csi-volume', csi, IMPORTANT),
    good: pod('csi-volume', everyKind, IMPORTANT),
  }),
  // In a namespace of level baseline, where Pod Security lets them pass
  pods('nfs-volume', 'volumes', says('share'), nfs, claimed),
  deployments('iscsi-volume-in-a-template', 'volumes', says('disk', 'spec.template.'), iscsi, claimed),
  choosing('claim-that-selects-volumes', selecting),
  {
    ...choosing('claim-that-names-a-volume', named),
    twin: create(admin, 'copper-train', claim('claim-that-names-a-volume', GENERAL, named)),
  },
  {
    id: 'volume-named-later',
    by: 'policy claim-sources',
    denied: patch(lin, 'copper-train', 'PersistentVolumeClaim/live', { spec: named }),
    message: refusal('claim-sources', 'persistentvolumeclaims "live"', chosen),
    twin: patch(admin, 'copper-train', 'PersistentVolumeClaim/live', { spec: named }),
  },
  pair('claim-template-that-names-a-volume', {
    who: lin,
    policy: 'claim-sources',
    says: chosen,
    bad: statefulSet('claim-template-that-names-a-volume', template(named)),
    good: statefulSet('claim-template-that-names-a-volume', template({})),
  }),
];
