import type { Text } from '../../model/text.ts';
import type { ReadFailure } from '../read/reader.ts';

/** Sentences of the status, with {places}; every one of them in both languages with the same places. */
export const sentences = {
  no_reading: { zh: '无读数', en: 'no reading' },

  headline: {
    zh: '迈向 {target}：{step}算力 {actual}，完成 {progress}',
    en: 'On the way to {target}: {actual} {step}, {progress} of the goal',
  },
  headline_absent: { zh: '迈向 {target}：算力无读数', en: 'On the way to {target}: no reading of computing power' },
  on_path: { zh: '；今天应有 {required}，进度在计划之上', en: '; {required} required today: on the path' },
  behind_path: { zh: '；今天应有 {required}，落后 {gap}', en: '; {required} required today: {gap} behind' },

  site_power: { zh: '设施功率：{facility}；IT 功率：{it}。', en: 'Facility power: {facility}; IT power: {it}.' },
  pue_is: { zh: '{window}的 PUE：{text}。', en: 'PUE of {window}: {text}.' },
  pue_none: { zh: '尚无 PUE：{text}。', en: 'No PUE yet: {text}.' },
  pue_within: { zh: '不高于年度目标 {target}', en: 'within the annual target of {target}' },
  pue_above: { zh: '高于年度目标 {target}', en: 'above the annual target of {target}' },
  pue_interim: { zh: '期中值（不足一年）', en: 'interim (less than a year)' },
  pue_of_it: { zh: '其中{parts}', en: 'of it {parts}' },
  bridged: { zh: '跨缺口补记 {span}', en: '{span} bridged across gaps' },
  imported: { zh: '导入 {span}', en: '{span} imported' },
  pue_first_hour: { zh: '第一个整点小时到 {at} 结束', en: 'the first full hour ends at {at}' },
  pue_from_first_hour: {
    zh: '自第一个整点小时起计，该小时到 {at} 结束',
    en: 'counts from the first full hour on, which ends at {at}',
  },
  pue_first: {
    zh: '账本最早到 {at} 覆盖整个窗口',
    en: 'the ledger reaches back over the whole window at {at} at the earliest',
  },

  source_since: { zh: '{name}：自 {at} 起无应答', en: '{name}: no answer since {at}' },
  source_never: { zh: '{name}：启动以来从未应答', en: '{name}: no answer since the exporter started' },
  failures: { zh: '失败原因：{causes}', en: 'failed reads: {causes}' },
  cause: { zh: '{cause} ×{count}', en: '{cause} ×{count}' },
  surplus: {
    zh: '{name}：读到 {racked}，超过声明的 {nominal}：请查 count，或数据源是否属于别的资源池',
    en: "{name}: {racked} are seen, more than the {nominal} that are declared: check count, and whether the source is another pool's",
  },
  refusing: {
    zh: '{name}：最近一次应答未被全部采信：{reasons}',
    en: '{name}: the last answer was not believed, or not wholly: {reasons}',
  },
  unknown_model: {
    zh: '{pool}：{count} 个设备报告型号“{model}”，目录或声明中没有，不计算力',
    en: '{pool}: {count} devices report model "{model}", which is not in the catalogue or not declared: no PFlops counted',
  },
  ledger_up: { zh: '账本正常，最近一次提交 {at}', en: 'The ledger is well; last commit {at}' },
  ledger_down: {
    zh: '账本写入失败，最近一次提交 {at}；总量停在那一刻',
    en: 'The ledger cannot be written; last commit {at}: totals stand still since then',
  },
  ledger_absent: { zh: '账本状态无读数', en: 'No reading of the ledger' },
  dropped: {
    zh: '{count} 个序列超出预算，未发布',
    en: '{count} series were left out because of the series budget',
  },
  insecure: {
    zh: '监听地址超出本机，且没有 TLS 或认证',
    en: 'The exporter listens beyond this machine without TLS or authentication',
  },
  stale: {
    zh: '以下数字是 {span} 之前的：采集周期没有完成',
    en: 'These figures are {span} old: no cycle has finished since',
  },
} as const satisfies Record<string, Text>;

/** The windows of PUE, in the order in which they fill. */
export const windows = {
  '1h': { zh: '最近一个整点小时', en: 'the last full hour' },
  '24h': { zh: '最近 24 小时', en: 'the last 24 hours' },
  '30d': { zh: '最近 30 天', en: 'the last 30 days' },
  ytd: { zh: '今年以来', en: 'this year so far' },
  '12mo': { zh: '最近 12 个月', en: 'the last 12 months' },
} as const satisfies Record<string, Text>;

/** The steps from what was declared to what was delivered. */
export const steps = {
  nominal: { zh: '标称', en: 'nominal' },
  racked: { zh: '上架', en: 'racked' },
  healthy: { zh: '健康', en: 'healthy' },
  allocated: { zh: '已分配', en: 'allocated' },
  busy: { zh: '在用', en: 'busy' },
  delivered: { zh: '交付', en: 'delivered' },
} as const satisfies Record<string, Text>;

/** What an evidence tier means. */
export const tiers = {
  T1: { zh: '由张量核活跃度与时钟测得', en: 'measured from tensor activity and clock' },
  T2: { zh: '由张量核活跃度测得，时钟按基准计', en: 'measured from tensor activity, at the reference clock' },
  T3: { zh: '由核心活跃度得出的上限', en: 'an upper bound from core activity' },
  T4: { zh: '由占用时间得出的上限，不是交付量', en: 'an upper bound from busy time, not what was delivered' },
  T5: { zh: '由作业自报', en: 'reported by the job itself' },
} as const satisfies Record<string, Text>;

/** Why a read failed, by the label values of greenflops_source_failures_total. */
export const failures = {
  timeout: { zh: '超时', en: 'timeout' },
  refused: { zh: '连接被拒', en: 'connection refused' },
  unreachable: { zh: '无法到达', en: 'unreachable' },
  protocol: { zh: '应答不合协议', en: 'the answer breaks the protocol' },
  too_large: { zh: '应答过大', en: 'the answer is too large' },
  http_status: { zh: 'HTTP 状态码不是 200', en: 'an HTTP status other than 200' },
  empty: { zh: '应答为空', en: 'an empty answer' },
} as const satisfies Record<ReadFailure, Text>;

/** Label values of work that belongs to no declared tenant or action. */
export const holders = {
  unassigned: { zh: '未分配', en: 'unassigned' },
  undeclared: { zh: '未声明的命名空间', en: 'undeclared namespaces' },
  none: { zh: '无', en: 'none' },
} as const satisfies Record<string, Text>;

/** A text by an id that came as a label value; an id that the list lacks speaks for itself. */
export const wordOf = (words: Readonly<Record<string, Text>>, id: string): Text =>
  Object.hasOwn(words, id) ? (words[id] ?? { zh: id, en: id }) : { zh: id, en: id };
