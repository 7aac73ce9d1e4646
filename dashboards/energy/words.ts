import type { Text } from '../../model/text.ts';

/** Heads of columns and words of judgement that several tables share. */
export const heads = {
  site: { zh: '园区', en: 'Site' },
  window: { zh: '窗口', en: 'Window' },
  target: { zh: '年度目标', en: 'Annual target' },
  verdict: { zh: '评判', en: 'Verdict' },
  within: { zh: '达标', en: 'within target' },
  above: { zh: '超标', en: 'above target' },
  kind: { zh: '性质', en: 'Kind' },
  coverage: { zh: '计量覆盖率', en: 'Metering coverage' },
  category: { zh: 'IT 计量类别', en: 'IT meter category' },
  edition: { zh: '依据版本', en: 'Edition' },
  none: { zh: '为什么没有', en: 'Why there is none' },
} as const satisfies Record<string, Text>;

/** Label values of `period`, by the calendar of Asia/Shanghai. */
export const periods = {
  month: { zh: '本月', en: 'This month' },
  year: { zh: '今年', en: 'This year' },
} as const satisfies Record<string, Text>;

/** Windows of the burn. */
export const burnWindows = {
  '6h': { zh: '最近 6 小时', en: 'Last 6 hours' },
  '1d': { zh: '最近 1 天', en: 'Last day' },
  '3d': { zh: '最近 3 天', en: 'Last 3 days' },
} as const satisfies Record<string, Text>;

/** Label values of `basis` of a forecast. */
export const forecastBases = {
  season: { zh: '去年同月的季节走势', en: "last year's seasons" },
  recent: { zh: '最近 28 个整日，未计季节', en: 'the last 28 whole days, no season' },
} as const satisfies Record<string, Text>;

/** Label values of `basis` of the ratio of GB 40879. */
export const gbBases = {
  rm2: { zh: 'R_M2，满一整年', en: 'R_M2, a full year' },
  indicative: { zh: '参考值：不足一整年', en: 'indicative: less than a full year' },
} as const satisfies Record<string, Text>;

/** Values of greenflops_gb40879_grade. */
export const gbGrades = {
  1: { zh: '1 级', en: 'grade 1' },
  2: { zh: '2 级', en: 'grade 2' },
  3: { zh: '3 级', en: 'grade 3' },
  4: { zh: '超过 3 级限定值', en: 'above the limit of grade 3' },
} as const satisfies Record<string, Text>;

/** Label values of `level`: of its energy a share is not explained by what is measured below. */
export const levels = {
  boundary: { zh: '边界：对其下各表', en: 'boundary, against the meters below' },
  ups: { zh: 'UPS 输出：对 PDU', en: 'UPS output, against PDUs' },
  pdu: { zh: 'PDU 输出：对设备', en: 'PDU output, against equipment' },
  it: { zh: 'IT 表计：对加速器', en: 'IT meters, against accelerators' },
} as const satisfies Record<string, Text>;

/** Label values of `kind` of a certificate. */
export const certificateKinds = {
  'green-certificate': { zh: '绿证', en: 'green certificate' },
  'green-power': { zh: '绿电交易', en: 'green power' },
  'i-rec': { zh: 'I-REC 国际绿证', en: 'I-REC' },
} as const satisfies Record<string, Text>;

/** Grafana counts watt-hours, in whose multiples it shows them; the metrics are joules. */
export const wattHours = (joules: string): string => `(${joules}) / 3600`;
/** Grafana's tonnes; the metrics are kilograms. */
export const tonnes = (kilograms: string): string => `(${kilograms}) / 1000`;
