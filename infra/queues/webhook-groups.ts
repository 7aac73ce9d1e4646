import { parseQuantity } from '../../model/quantity.ts';
import { compare, rational } from '../../model/rational.ts';
import type { Text } from '../../model/text.ts';
import { KEY, problem, type Path, type WebhookProblem } from './webhook-problem.ts';

interface Resource {
  readonly name: string;
  readonly nominalQuota: string;
  readonly borrowingLimit?: string;
  readonly lendingLimit?: string;
}
export interface Group {
  readonly coveredResources: readonly string[];
  readonly flavors: readonly { readonly name: string; readonly resources: readonly Resource[] }[];
}
/** Of its CRDs: groups of an object, names and flavours of a group; of its webhook: both over all groups, and their product */
const MOST = { groups: 16, ofGroup: 64, inAll: 256, product: 512 } as const;

/** Fewer pools, or what is counted of them. */
const FEWER: Text = {
  zh: '请把资源池分到更多集群，或让同型号的池用同一资源名；租户队列还可让配额写明 pool 或 cluster，管理集群可在 kueue.workers 中少列几个集群，写了 kueue.count_hosts: true 的可改为 false',
  en: 'spread the pools over more clusters, or give pools of one model one resource name; for the queue of a tenant, name pools or clusters in its quotas; for a manager, list fewer clusters in its kueue.workers; and where kueue.count_hosts is true, set it to false',
};
const NAMED: Text = {
  zh: '请改正资源池的 resource，或加速器目录中的资源名',
  en: "correct the pool's resource, or the name in the catalogue of accelerators",
};

const tooMany = (path: Path, count: number, most: number, what: Text): WebhookProblem[] =>
  count > most
    ? [
        problem(
          path,
          `${what.zh} ${count} 个，Kueue 最多接受 ${most} 个`,
          `${count} ${what.en}; Kueue takes at most ${most}`,
          FEWER,
        ),
      ]
    : [];

const groupsText = { zh: '资源组', en: 'resource groups' };
const namesText = { zh: '资源名', en: 'resource names' };
const flavorsText = { zh: '规格（flavor）', en: 'flavours' };

/** Names and flavours of one group each, in one order, within what Kueue takes; no negative amounts, no limits without a parent. */
export function groupProblems(groups: readonly Group[], hasParent: boolean, lendsItsOwn: boolean): WebhookProblem[] {
  const at = ['spec', 'resourceGroups'];
  const names = new Set<string>();
  const flavors = new Set<string>();
  return [
    ...tooMany(at, groups.length, MOST.groups, groupsText),
    ...groups.flatMap(({ coveredResources, flavors: own }, i) => [
      ...tooMany([...at, i, 'coveredResources'], coveredResources.length, MOST.ofGroup, namesText),
      ...tooMany([...at, i, 'flavors'], own.length, MOST.ofGroup, flavorsText),
      ...coveredResources.flatMap((name, j) => {
        const path = [...at, i, 'coveredResources', j];
        return [
          ...(KEY.test(name)
            ? []
            : [problem(path, `${name} 不是合法的资源名`, `${name} is no valid resource name`, NAMED)]),
          ...twice(path, name, names),
        ];
      }),
      ...own.flatMap(({ name, resources }, j) => {
        const path = [...at, i, 'flavors', j];
        return [
          ...twice([...path, 'name'], name, flavors),
          ...order([...path, 'resources'], resources, coveredResources),
          ...resources.flatMap((one, k) => amounts([...path, 'resources', k], one, hasParent, lendsItsOwn)),
        ];
      }),
    ]),
  ];
}

function twice(path: Path, name: string, seen: Set<string>): WebhookProblem[] {
  if (seen.has(name)) return [problem(path, `${name} 出现在两个资源组中`, `${name} stands in two resource groups`)];
  seen.add(name);
  return [];
}

function order(path: Path, resources: readonly Resource[], covered: readonly string[]): WebhookProblem[] {
  const given = resources.map(({ name }) => name).join(' ');
  const wanted = covered.join(' ');
  return given === wanted
    ? []
    : [
        problem(
          path,
          `资源的顺序须与 coveredResources 一致：应为 ${wanted}，实为 ${given}`,
          `resources must stand as in coveredResources: ${wanted}, and not ${given}`,
        ),
      ];
}

function amounts(path: Path, one: Resource, hasParent: boolean, lendsItsOwn: boolean): WebhookProblem[] {
  return (['nominalQuota', 'borrowingLimit', 'lendingLimit'] as const).flatMap((key): WebhookProblem[] => {
    const text = one[key];
    if (text === undefined) return [];
    const place = [...path, key];
    const value = parseQuantity(text);
    if (!value) return [problem(place, `${text} 不是合法的数量`, `${text} is no quantity`)];
    const nominal = parseQuantity(one.nominalQuota);
    return [
      ...(compare(value, rational(0)) < 0 ? [problem(place, `${text} 为负`, `${text} is negative`)] : []),
      ...(key !== 'nominalQuota' && !hasParent
        ? [problem(place, '没有上级 cohort 时不能设限', 'no limit without a cohort above')]
        : []),
      ...(key === 'lendingLimit' && lendsItsOwn && nominal && compare(value, nominal) > 0
        ? [problem(place, `${text} 超过 nominalQuota`, `${text} is more than nominalQuota`)]
        : []),
    ];
  });
}

/** Of a ClusterQueue over all its groups. */
export function totals(groups: readonly Group[]): WebhookProblem[] {
  const at = ['spec', 'resourceGroups'];
  const sum = (of: (group: Group) => number) => groups.reduce((total, group) => total + of(group), 0);
  const pairs = { zh: '规格与资源的组合', en: 'pairs of flavour and resource' };
  return [
    ...tooMany(
      at,
      sum(({ flavors }) => flavors.length),
      MOST.inAll,
      flavorsText,
    ),
    ...tooMany(
      at,
      sum(({ coveredResources }) => coveredResources.length),
      MOST.inAll,
      namesText,
    ),
    ...groups.flatMap(({ flavors }, i) =>
      tooMany(
        [...at, i],
        flavors.reduce((total, { resources }) => total + resources.length, 0),
        MOST.product,
        pairs,
      ),
    ),
  ];
}
