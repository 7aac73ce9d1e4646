import type { CardState } from '../../model/card-states.ts';
import type { QueueState } from '../../model/queue-states.ts';
import type { Text } from '../../model/text.ts';

/** Heads of columns that several tables share. */
export const heads = {
  site: { zh: '园区', en: 'Site' },
  pool: { zh: '资源池', en: 'Pool' },
  model: { zh: '型号', en: 'Model' },
  demo: { zh: '演示', en: 'Demonstration' },
} as const satisfies Record<string, Text>;

/** Label values of `tenant` of work that belongs to no declared tenant. */
export const holders = {
  unassigned: { zh: '未分配', en: 'unassigned' },
  undeclared: { zh: '未声明的命名空间', en: 'undeclared namespaces' },
} as const satisfies Record<string, Text>;

/** Label values of `state` of what accelerators draw. */
export const cards = {
  busy: { zh: '在计算', en: 'busy' },
  idle: { zh: '已分配而空闲', en: 'held but idle' },
  unallocated: { zh: '未分配', en: 'unallocated' },
} as const satisfies Record<CardState, Text>;

/** Label values of `state` of what a queue has and holds. */
export const queueStates = {
  nominal: { zh: '自有', en: 'Own' },
  borrowable: { zh: '可借', en: 'May borrow' },
  reserved: { zh: '预留', en: 'Reserved' },
  used: { zh: '在用', en: 'Used' },
  pending: { zh: '等待', en: 'Waiting' },
} as const satisfies Record<QueueState, Text>;

/** Label values of `basis` of what a pool can achieve. */
export const bases = {
  calibration: { zh: '本省实测', en: 'timed on the fleet' },
  catalogue: { zh: '加速器目录', en: 'catalogue' },
} as const satisfies Record<string, Text>;

/** Label values of `tier`: how strong the evidence is. */
export const tiers = {
  none: { zh: '不分级', en: 'no tier' },
  T1: { zh: 'T1：张量核活跃度与时钟', en: 'T1: tensor activity and clock' },
  T2: { zh: 'T2：张量核活跃度', en: 'T2: tensor activity' },
  T3: { zh: 'T3：上限，核心活跃度', en: 'T3: upper bound, core activity' },
  T4: { zh: 'T4：上限，占用时间', en: 'T4: upper bound, busy time' },
  T5: { zh: 'T5：作业自报', en: 'T5: reported by jobs' },
} as const satisfies Record<string, Text>;
