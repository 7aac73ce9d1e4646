import { declaredStacks, type DeclaredStack } from '../../../infra/declared.ts';
import { PlanError } from '../../../model/plan-error.ts';
import { planFolder } from '../../plan-folder.ts';

/** Two workers, of which one may hold important data, their manager, and Karmada. */
const province = `
schema: greenflops/v1
sites:
  - { id: nanchang, name: { zh: 南昌, en: Nanchang }, grid: jiangxi, profile: new-large-2025, it_rated_kw: 160 }
clusters:
  - { id: nc-a, site: nanchang, context: nc-a, jurisdiction: jiangxi, data_classes: [general, important], exporter: true, kueue: { enabled: true }, volcano: { enabled: true } }
  - { id: nc-b, site: nanchang, context: nc-b, jurisdiction: jiangxi, data_classes: [general], kueue: { enabled: true } }
  - { id: jx-m, site: nanchang, context: jx-m, jurisdiction: jiangxi, data_classes: [general, important], role: manager, kueue: { enabled: true } }
  - { id: jx-k, site: nanchang, context: karmada, jurisdiction: jiangxi, data_classes: [general, important], role: karmada }
pools:
  - { id: a800, cluster: nc-a, accelerator: nvidia-a800-sxm, count: 64, nodes: { selector: { model: a800 } } }
  - id: npu
    name: { zh: 昇腾池, en: Ascend pool }
    cluster: nc-a
    accelerator: ascend-910b3
    count: 128
    resource: huawei.com/Ascend910B3
    racks: { label: topology.jiangxi/rack, values: [R1, r2.north] }
    nodes: { selector: { model: npu } }
  - { id: a800-b, cluster: nc-b, accelerator: nvidia-a800-sxm, count: 64, nodes: { selector: { model: a800 } } }
tenants:
  - id: copper
    name: { zh: 铜冶炼, en: Copper }
    action: industrial-production
    namespaces: [copper-train, copper-serve]
    data_class: general
    group: industrial
    quota: [{ pool: npu, pflops: 20 }]
    borrow_pflops: 10
  - { id: rescue, action: industrial-production, namespaces: [rescue], data_class: important, group: industrial, priority: urgent, quota: [{ pool: npu, pflops: 12 }] }
  - { id: firms, action: industrial-production, namespaces: [firms], data_class: general, priority: low, quota: [{ pflops: 5 }] }
  - { id: lab, action: industrial-production, namespaces: [lab], data_class: general, quota: [{ pool: a800-b, pflops: 4 }, { pflops: 2 }] }
telemetry: { image: "greenflops/exporter@sha256:0000000000000000000000000000000000000000000000000000000000000000" }
`;

/** The stacks of the province; `change` makes another of it. */
export function stacksOf(change: (text: string) => string = (text) => text): DeclaredStack[] {
  const { dir, remove } = planFolder(change(province));
  try {
    return declaredStacks(dir);
  } finally {
    remove();
  }
}

/** What is said of a province that is refused. */
export function refusal(change: (text: string) => string): string {
  try {
    stacksOf(change);
  } catch (error) {
    if (error instanceof PlanError) return error.message;
    throw error;
  }
  throw new Error('the province was not refused');
}
