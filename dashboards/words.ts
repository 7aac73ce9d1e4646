import type { Text } from '../model/text.ts';

/** The windows of PUE, in the order in which they fill. */
export const windows = {
  '1h': { zh: '最近一个整点小时', en: 'Last full hour' },
  '24h': { zh: '最近 24 小时', en: 'Last 24 hours' },
  '30d': { zh: '最近 30 天', en: 'Last 30 days' },
  ytd: { zh: '今年以来', en: 'This year so far' },
  '12mo': { zh: '最近 12 个月', en: 'Last 12 months' },
} as const satisfies Record<string, Text>;

/** The steps from what was declared to what can be shown to be at work; `delivered`, which has tiers, stands apart. */
export const steps = {
  nominal: { zh: '标称', en: 'Nominal' },
  racked: { zh: '上架', en: 'Racked' },
  healthy: { zh: '健康', en: 'Healthy' },
  allocated: { zh: '已分配', en: 'Allocated' },
  busy: { zh: '在用', en: 'Busy' },
} as const satisfies Record<string, Text>;

/** Label values of `kind`. */
export const kinds = {
  annual: { zh: '年度值', en: 'annual' },
  interim: { zh: '期中值（不足一年）', en: 'interim (< 1 year)' },
} as const satisfies Record<string, Text>;

/** Label values of `category` (ISO/IEC 30134-2): where the IT energy is measured. */
export const categories = {
  '1': { zh: '1 类：UPS 输出', en: '1: UPS output' },
  '2': { zh: '2 类：PDU 输出', en: '2: PDU output' },
  '3': { zh: '3 类：设备输入', en: '3: equipment input' },
  unstated: { zh: '未声明', en: 'not stated' },
} as const satisfies Record<string, Text>;

/** Label values of `demo`. */
export const demo = {
  true: { zh: '是：数字为虚构', en: 'yes: invented' },
  false: { zh: '否', en: 'no' },
} as const satisfies Record<string, Text>;

export const noData: Text = { zh: '无数据', en: 'no data' };
