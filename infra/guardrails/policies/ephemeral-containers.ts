import { label } from './cel.ts';
import { DATA_CLASS, type PolicyOf } from './policy.ts';

/** A container put into a running pod sees its memory and its files. Nobody's bookkeeping needs one. */
export const ephemeralContainers: PolicyOf = () => ({
  name: 'ephemeral-containers',
  title: { zh: '重要和核心数据的 Pod 不加调试容器', en: 'no debugging containers beside important and core data' },
  on: [{ group: '', resources: ['pods/ephemeralcontainers'], operations: ['UPDATE'] }],
  where: 'protected',
  rules: [
    {
      allows: 'dyn(object).spec.?ephemeralContainers.orValue([]).size() == 0',
      message: {
        zh: '{class} 级命名空间的 Pod 不得加入临时容器：请在 general 级命名空间中用样例数据调试',
        en: 'no ephemeral container may join a pod of a namespace of class {class}: debug with sample data in a namespace of class general',
      },
      values: { class: label('namespaceObject', DATA_CLASS) },
    },
  ],
});
