import type { Text } from '../../model/text.ts';

/** One line of what changes on a cluster. */
export interface Line {
  readonly subject: Subject;
  readonly text: Text;
  /** true: somebody may lose work, data or protection by it */
  readonly danger?: boolean;
}

/** In the order in which people read them. */
export const subjects = {
  rename: { zh: '改名', en: 'rename' },
  pool: { zh: '资源池', en: 'pool' },
  quota: { zh: '配额', en: 'quota' },
  queue: { zh: '队列', en: 'queue' },
  slices: { zh: '切片', en: 'slices' },
  namespace: { zh: '命名空间', en: 'namespace' },
  class: { zh: '数据级别', en: 'data class' },
  security: { zh: 'Pod 安全级别', en: 'pod security' },
  priority: { zh: '优先级', en: 'priority' },
  groups: { zh: '用户组', en: 'groups' },
  egress: { zh: '网络出口', en: 'egress' },
  registries: { zh: '镜像仓库', en: 'registries' },
  policies: { zh: '准入策略', en: 'policies' },
  dispatch: { zh: '跨集群派发', en: 'dispatch' },
  exporter: { zh: '采集器', en: 'exporter' },
  declaration: { zh: '声明', en: 'declaration' },
  ledger: { zh: '账本', en: 'ledger' },
  nodes: { zh: '节点', en: 'nodes' },
  outside: { zh: '外部改动', en: 'outside edit' },
  strange: { zh: '声明之外', en: 'not of the declaration' },
  refused: { zh: '会被拒绝', en: 'refused' },
  rest: { zh: '其余', en: 'the rest' },
} as const satisfies Readonly<Record<string, Text>>;
export type Subject = keyof typeof subjects;

const LONGEST = 160;

/** How a value looks in a line; '–' where there is none, and cut where nobody would read on. */
export function shownValue(value: unknown, longest = LONGEST): string {
  if (value === undefined) return '–';
  const text = (typeof value === 'string' ? value : JSON.stringify(value)).replaceAll(/\s+/g, ' ');
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

export const arrow = (before: unknown, after: unknown, longest = LONGEST): string =>
  `${shownValue(before, longest)} → ${shownValue(after, longest)}`;
