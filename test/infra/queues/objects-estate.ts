import type { DeclaredStack } from '../../../infra/declared.ts';
import type { KubernetesObject } from '../../../infra/kubernetes.ts';
import { stacksOf } from '../estates.ts';

/** One cluster of two pools that share a name, and one that stands alone. Every figure is invented. */
export const small = `schema: greenflops/v1
sites:
  - { id: one, name: { zh: 一号中心, en: Centre one }, demo: true, grid: jiangxi, profile: new-large-2025, it_rated_kw: 100 }
clusters:
  - { id: c-one, site: one, context: c-one, jurisdiction: jiangxi, data_classes: [general], kueue: { enabled: true } }
pools:
  - { id: old, cluster: c-one, accelerator: ascend-910b3, count: 32, nodes: { selector: { pool: old } } }
  - { id: new, cluster: c-one, accelerator: ascend-910b3, count: 16, resource: huawei.com/Ascend910, nodes: { selector: { pool: new } }, racks: { label: rack, values: [r1] } }
  - { id: gpus, cluster: c-one, accelerator: nvidia-a800-sxm, count: 8, nodes: { selector: { pool: gpus } }, dedicated: false }
tenants:
  - { id: smelter, action: industrial-production, namespaces: [smelt-a, smelt-b], data_class: general, group: works, quota: [{ pool: new, pflops: 3 }], borrow_pflops: 1.5 }
  - { id: mill, action: industrial-production, namespaces: [mill], data_class: general, group: works, quota: [{ pool: old, pflops: 2 }] }
telemetry: { image: "greenflops/exporter@sha256:0000000000000000000000000000000000000000000000000000000000000000" }
`;

/** A province: two workers with chips of one model, and a manager that hands jobs to both. */
export const pair = small
  .replace(
    'pools:\n',
    `  - { id: c-two, site: one, context: c-two, jurisdiction: jiangxi, data_classes: [general], kueue: { enabled: true } }
  - { id: top, site: one, context: top, jurisdiction: jiangxi, data_classes: [general], role: manager, kueue: { enabled: true } }
pools:
  - { id: far, cluster: c-two, accelerator: nvidia-a800-sxm, count: 8, nodes: { selector: { pool: far } }, racks: { label: row, values: [a] } }
`,
  )
  .replace(
    'tenants:\n',
    `tenants:
  - { id: open, action: industrial-production, namespaces: [open], data_class: general, group: works, priority: urgent, quota: [{ pflops: 0.7 }] }
`,
  );

/** The objects of one kind of a cluster's stack, by name, without what all of the house's have. */
export function kindOf(stacks: readonly DeclaredStack[], id: string, kind: string): Record<string, unknown> {
  const found = stacks.find((one) => one.id === id)?.objects.filter((object) => object.kind === kind) ?? [];
  return Object.fromEntries(
    found.map((object) => {
      const { name, namespace } = object.metadata;
      return [namespace === undefined ? name : `${namespace}/${name}`, (object as { spec?: unknown }).spec];
    }),
  );
}

export const declare = (estate: string): DeclaredStack[] => stacksOf(() => estate);

export const every = (stacks: readonly DeclaredStack[]): KubernetesObject[] => stacks.flatMap(({ objects }) => objects);
