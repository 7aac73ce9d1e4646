import { deployments, pods, type Fields } from '../affinity.ts';
import type { Row } from '../row.ts';

const says = (path = '') =>
  `${path}spec.affinity 的 Pod 亲和或反亲和涉及其他命名空间，会挤走或跟随别人的 Pod：请去掉 namespaceSelector，namespaces 只写 copper-train / pod affinity or anti-affinity in ${path}spec.affinity looks at other namespaces, and would drive out or follow others' pods: leave out namespaceSelector, and write copper-train alone into namespaces`;

const term = (fields: object) => ({
  labelSelector: { matchLabels: { app: 'a' } },
  topologyKey: 'kubernetes.io/os',
  ...fields,
});
const away = (fields: object): Fields => ({
  affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term(fields)] } },
});
const beside = (fields: object): Fields => ({
  affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term(fields)] } },
});
const rather = (fields: object): Fields => ({
  affinity: {
    podAntiAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: term(fields) }],
    },
  },
});
const own = { namespaces: ['copper-train'] };
const others = { namespaces: ['copper-train', 'ore-vault'] };

export const neighbourRows: readonly Row[] = [
  pods('away-from-everybody', 'neighbours', says(), away({ namespaceSelector: {} }), away({})),
  pods('beside-another-tenant', 'neighbours', says(), beside(others), beside(own)),
  pods('rather-away-from-another-tenant', 'neighbours', says(), rather(others), rather(own)),
  deployments(
    'away-from-everybody-in-a-template',
    'neighbours',
    says('spec.template.'),
    away({ namespaceSelector: {} }),
    away(own),
  ),
];
