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
  manual: { zh: '人工抄表补足 {span}', en: '{span} closed by hand readings' },
  imported: { zh: '导入 {span}', en: '{span} imported' },
  substituted: { zh: '后备表推算 {span}', en: '{span} calculated from a backup meter' },
  gb40879: {
    zh: 'GB 40879-2021 电能比 {ratio}，{grade}（{basis}）。',
    en: 'Electricity ratio of GB 40879-2021: {ratio}, {grade} ({basis}).',
  },
  pue_first_hour: { zh: '第一个整点小时到 {at} 结束', en: 'the first full hour ends at {at}' },
  pue_from_first_hour: {
    zh: '自第一个整点小时起计，该小时到 {at} 结束',
    en: 'counts from the first full hour on, which ends at {at}',
  },
  pue_first: {
    zh: '账本最早到 {at} 覆盖整个窗口',
    en: 'the ledger reaches back over the whole window at {at} at the earliest',
  },

  budget: { zh: '非 IT 用电：{text}。', en: 'Overhead energy: {text}.' },
  budget_left: {
    zh: '本月还可使用 {energy}（全月允许量的 {share}）',
    en: '{energy} left this month ({share} of its allowance)',
  },
  budget_spent: {
    zh: '本月已超出全月允许量 {energy}（{share}）',
    en: "{energy} ({share}) above the whole month's allowance",
  },
  budget_over: {
    zh: '{period}至今超出允许量 {share}',
    en: '{period} so far {share} over its allowance',
  },
  budget_under: {
    zh: '{period}至今低于允许量 {share}',
    en: '{period} so far {share} under its allowance',
  },
  budget_none: { zh: '{period}没有预算：{reason}', en: 'no budget for {period}: {reason}' },
  budget_absent: { zh: '{period}无读数', en: 'no reading for {period}' },
  forecast: {
    zh: '年末 PUE 约 {mid}（{low}–{high}），{against}，{basis}',
    en: 'year-end PUE about {mid} ({low}–{high}), {against}, {basis}',
  },
  forecast_young: {
    zh: '尚无年末 PUE 预测：需要 28 个整日的计量',
    en: 'no forecast of the year-end PUE yet: it takes 28 whole days of metering',
  },
  forecast_none: { zh: '没有年末 PUE 预测：{reason}', en: 'no forecast of the year-end PUE: {reason}' },
  allowance_mean: {
    zh: '{name}：各月允许的 PUE 按今年的 IT 电能加权平均为 {mean}，高于年度目标 {target}：即使每个月都达标，全年也会超标，请修改 monthly_allowance',
    en: "{name}: the months' allowed PUE has a mean, by this year's IT energy, of {mean}, above the annual target of {target}: staying inside each month does not keep the year; change monthly_allowance",
  },

  carbon_year: {
    zh: '今年的二氧化碳排放：按所在电网 {location}，扣除绿色证书后 {market}；可再生能源占比（REF）{ref}。',
    en: 'Carbon dioxide of this year: {location} location-based, {market} market-based; renewable share (REF) {ref}.',
  },
  certificate_surplus: {
    zh: '证书 {id} 有 {energy} 未在证书期内消费，不予抵扣。',
    en: '{energy} of certificate {id} was not consumed within its period and is not applied.',
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
  closure_suspect: { zh: '{name}：电量不能闭合，{cause}', en: '{name}: energies do not close; {cause}' },
  ledger_up: { zh: '账本正常，最近一次提交 {at}', en: 'Ledger OK; last commit {at}' },
  ledger_down: {
    zh: '账本写入失败，最近一次提交 {at}；总量停在那一刻',
    en: 'The ledger cannot be written; last commit {at}: totals stand still since then',
  },
  ledger_absent: { zh: '账本状态无读数', en: 'No reading of the ledger' },
  dropped: {
    zh: '{count} 个序列超出预算，未发布',
    en: '{count} series were left out because of the series budget',
  },
  reload_refused: {
    zh: '磁盘上的声明有误，仍按先前的声明运行：请看日志中的 declaration_fault，或运行 greenflops check',
    en: 'The declaration on disk has faults, the one before is still in use: see declaration_fault in the log, or run greenflops check',
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

/** By what the ratio of GB 40879 is counted. */
export const gbBases = {
  rm2: { zh: 'R_M2，满一整年', en: 'R_M2, over a full year' },
  indicative: { zh: '参考值：不足一整年', en: 'indicative: less than a full year' },
} as const satisfies Record<string, Text>;

/** The grades of GB 40879, by the values of greenflops_gb40879_grade. */
export const gbGrades = {
  1: { zh: '1 级', en: 'grade 1' },
  2: { zh: '2 级', en: 'grade 2' },
  3: { zh: '3 级', en: 'grade 3' },
  4: { zh: '超过 3 级限定值', en: 'above the limit of grade 3' },
} as const satisfies Record<string, Text>;

/** The periods of the overhead budget, months and years of Asia/Shanghai. */
export const periods = {
  month: { zh: '本月', en: 'this month' },
  year: { zh: '今年', en: 'this year' },
} as const satisfies Record<string, Text>;

/** The windows over which it is told how fast the overhead budget is spent. */
export const burnWindows = {
  '6h': { zh: '最近 6 小时', en: 'last 6 hours' },
  '1d': { zh: '最近 1 天', en: 'last day' },
  '3d': { zh: '最近 3 天', en: 'last 3 days' },
} as const satisfies Record<string, Text>;

/** By what the rest of the year is foreseen. */
export const forecastBases = {
  season: { zh: '按去年同月的季节走势推算', en: "by last year's seasons" },
  recent: { zh: '按最近 28 个整日推算，未计季节', en: 'by the last 28 whole days, which know no season' },
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
