import { metric } from './metric.ts';

export const overheadAllowedJoules = metric({
  name: 'greenflops_overhead_allowed_joules',
  type: 'gauge',
  unit: 'joules',
  stability: 'experimental',
  labels: ['site', 'period'],
  help: {
    zh: '本期（北京时间的月、年）至今允许的非 IT 用电：各月 IT 电能 ×（该月允许的 PUE − 1）之和，只计入选的小时',
    en: 'Overhead energy allowed so far in the month or year (Asia/Shanghai): sum over months of IT energy x (allowed PUE - 1), counted hours only',
  },
});
export const overheadSpentJoules = metric({
  name: 'greenflops_overhead_spent_joules',
  type: 'gauge',
  unit: 'joules',
  stability: 'experimental',
  labels: ['site', 'period'],
  help: {
    zh: '本期至今的非 IT 用电：同样这些小时的设施电能 − IT 电能',
    en: 'Overhead energy so far in the period: facility energy - IT energy over the same hours',
  },
});
export const overheadLeftJoules = metric({
  name: 'greenflops_overhead_left_joules',
  type: 'gauge',
  unit: 'joules',
  stability: 'experimental',
  labels: ['site', 'period'],
  help: {
    zh: '本期至今允许的减去已用的非 IT 用电；负数为超出',
    en: 'Allowed so far - spent so far in the period; negative where more was spent',
  },
});
export const overheadWholeAllowedJoules = metric({
  name: 'greenflops_overhead_whole_allowed_joules',
  type: 'gauge',
  unit: 'joules',
  stability: 'experimental',
  labels: ['site', 'period'],
  help: {
    zh: '整个本期允许的非 IT 用电：至今计得的加上剩余时间的，后者按最近 28 个整日的平均 IT 功率预测',
    en: 'Overhead energy that the whole period allows: what was counted so far and the rest at the mean IT power of the last 28 whole days',
  },
});
export const overheadWholeLeftJoules = metric({
  name: 'greenflops_overhead_whole_left_joules',
  type: 'gauge',
  unit: 'joules',
  stability: 'experimental',
  labels: ['site', 'period'],
  help: {
    zh: '到本期结束还可使用的非 IT 用电：整个本期允许的减去已用的；负数为超出',
    en: 'Overhead energy that may still be spent until the period ends: allowed by the whole period - spent so far; may be negative',
  },
});
export const overheadCoverageRatio = metric({
  name: 'greenflops_overhead_coverage_ratio',
  type: 'gauge',
  unit: 'ratio',
  stability: 'experimental',
  labels: ['site', 'period'],
  help: {
    zh: '本期至今（计量开始得晚时自那时起）计入非 IT 用电预算的小时所占的份额',
    en: 'Share of the period so far, or of what passed since metering began, whose hours count in the overhead budget',
  },
});
export const overheadUnavailable = metric({
  name: 'greenflops_overhead_unavailable',
  type: 'gauge',
  unit: '',
  stability: 'experimental',
  labels: ['site', 'period', 'reason'],
  help: { zh: '本期没有非 IT 用电预算及其原因', en: 'The period has no overhead budget, and why' },
});
export const pueAllowanceMeanRatio = metric({
  name: 'greenflops_pue_allowance_mean_ratio',
  type: 'gauge',
  unit: 'ratio',
  stability: 'experimental',
  labels: ['site'],
  help: {
    zh: '各月允许的 PUE 以全年 IT 电能加权的平均：今年至今按计量，剩余时间按最近 28 个整日的平均 IT 功率',
    en: "Mean of the months' allowed PUE weighted by the year's IT energy: as metered so far, the rest at the mean IT power of the last 28 whole days",
  },
});
export const pueBurnRatio = metric({
  name: 'greenflops_pue_burn_ratio',
  type: 'gauge',
  unit: 'ratio',
  stability: 'experimental',
  labels: ['site', 'window'],
  help: {
    zh: '非 IT 用电 /（IT 电能 ×（允许的 PUE − 1）），由整点小时计；1 为恰好用完预算',
    en: 'Overhead / (IT energy x (allowed PUE - 1)) over full hours; 1 spends exactly what is allowed',
  },
});
export const pueBurnUnavailable = metric({
  name: 'greenflops_pue_burn_unavailable',
  type: 'gauge',
  unit: '',
  stability: 'experimental',
  labels: ['site', 'window', 'reason'],
  help: { zh: '该窗口没有预算消耗速度及其原因', en: 'The window has no burn of the overhead budget, and why' },
});
export const pueForecastRatio = metric({
  name: 'greenflops_pue_forecast_ratio',
  type: 'gauge',
  unit: 'ratio',
  stability: 'experimental',
  labels: ['site', 'bound', 'basis'],
  help: {
    zh: '今年年末 PUE 的预测及其区间；依据 season：去年同月；recent：最近 28 个整日',
    en: "Forecast of the year's PUE at its end with a band; basis season: last year's months; recent: the last 28 whole days",
  },
});
export const pueForecastUnavailable = metric({
  name: 'greenflops_pue_forecast_unavailable',
  type: 'gauge',
  unit: '',
  stability: 'experimental',
  labels: ['site', 'reason'],
  help: { zh: '没有年末 PUE 预测及其原因', en: 'There is no forecast of the PUE at the end of the year, and why' },
});
export const overheadYearEndJoules = metric({
  name: 'greenflops_overhead_year_end_joules',
  type: 'gauge',
  unit: 'joules',
  stability: 'experimental',
  labels: ['site', 'bound'],
  help: {
    zh: '按同一预测，年末允许的减去已用的非 IT 用电；low 为最低值，即 PUE 取上限时；负数为超出',
    en: "Allowed - spent overhead at the year's end by the same forecast; low is the least, where PUE is at its high bound; negative where more is spent",
  },
});
