import { metric } from './metric.ts';

export const pueRatio = metric({
  name: 'greenflops_pue_ratio',
  type: 'gauge',
  unit: 'ratio',
  stability: 'stable',
  labels: ['site', 'window', 'kind', 'category', 'edition'],
  help: {
    zh: '设施电能 / IT 电能，只计双方都有计量的整点小时',
    en: 'Facility energy / IT energy over the full hours in which both sides were metered',
  },
});
export const pueEnergyJoules = metric({
  name: 'greenflops_pue_energy_joules',
  type: 'gauge',
  unit: 'joules',
  stability: 'stable',
  labels: ['site', 'window', 'side'],
  help: { zh: 'PUE 的分子或分母', en: 'Numerator or denominator of the PUE' },
});
export const pueCoveredSeconds = metric({
  name: 'greenflops_pue_covered_seconds',
  type: 'gauge',
  unit: 'seconds',
  stability: 'stable',
  labels: ['site', 'window', 'side'],
  help: { zh: '计入小时内有计量的秒数', en: 'Metered seconds within the counted hours' },
});
export const pueBridgedSeconds = metric({
  name: 'greenflops_pue_bridged_seconds',
  type: 'gauge',
  unit: 'seconds',
  stability: 'stable',
  labels: ['site', 'window', 'side'],
  help: { zh: '计入小时内由跨缺口入账补足的秒数', en: 'Seconds of the counted hours that were bridged across a gap' },
});
export const pueImportedSeconds = metric({
  name: 'greenflops_pue_imported_seconds',
  type: 'gauge',
  unit: 'seconds',
  stability: 'experimental',
  labels: ['site', 'window', 'side'],
  help: {
    zh: '计入小时内来自导入（greenflops import）而非实时读数的秒数',
    en: 'Seconds of the counted hours that were imported (greenflops import) and not read live',
  },
});
export const pueCoverageRatio = metric({
  name: 'greenflops_pue_coverage_ratio',
  type: 'gauge',
  unit: 'ratio',
  stability: 'stable',
  labels: ['site', 'window'],
  help: { zh: '窗口内有计量的份额，取两侧中较低者', en: 'Metered share of the window, the lower of its two sides' },
});
export const pueManualSeconds = metric({
  name: 'greenflops_pue_manual_seconds',
  type: 'gauge',
  unit: 'seconds',
  stability: 'experimental',
  labels: ['site', 'window', 'side'],
  help: {
    zh: '计入该 PUE 的时间中由人工抄表或账单补足的时间',
    en: 'Of the time that enters the PUE, what a hand reading or bill closed',
  },
});
export const pueSubstitutedSeconds = metric({
  name: 'greenflops_pue_substituted_seconds',
  type: 'gauge',
  unit: 'seconds',
  stability: 'experimental',
  labels: ['site', 'window', 'side'],
  help: {
    zh: '计入该 PUE 的时间中由后备表代替的时间（计算得出，非实测）',
    en: "Of the time that enters the PUE, what a meter's backup stood in for: calculated, not measured",
  },
});
export const pueWindowSeconds = metric({
  name: 'greenflops_pue_window_seconds',
  type: 'gauge',
  unit: 'seconds',
  stability: 'experimental',
  labels: ['site', 'window'],
  help: {
    zh: '该窗口的长度；计量开始得晚时短于窗口名称',
    en: "Length of the window: shorter than its name where the site's metering began later",
  },
});
export const pueWindowEnd = metric({
  name: 'greenflops_pue_window_end_timestamp_seconds',
  type: 'gauge',
  unit: 'seconds',
  stability: 'experimental',
  labels: ['site', 'window'],
  help: {
    zh: '该窗口结束的整点；各园区的结束时刻相同才能相加',
    en: 'Full hour at which the window ends: sites add up only where it is the same',
  },
});
export const pueUncertaintyRatio = metric({
  name: 'greenflops_pue_uncertainty_ratio',
  type: 'gauge',
  unit: 'ratio',
  stability: 'experimental',
  labels: ['site', 'window'],
  help: {
    zh: '由电表准确度等级得出的 PUE 不确定度（±，k = 2）；有电表未声明等级时不给出',
    en: "Half width of the PUE's band from the meters' accuracy classes, k = 2; absent where a meter declares none",
  },
});
export const puePartialRatio = metric({
  name: 'greenflops_pue_partial_ratio',
  type: 'gauge',
  unit: 'ratio',
  stability: 'experimental',
  labels: ['site', 'hall', 'window', 'category', 'edition'],
  help: {
    zh: '机房模块的部分 PUE（pPUE）：该模块全部电能 / 该模块 IT 电能',
    en: "Partial PUE of a hall: all energy of the hall's meters / its IT energy",
  },
});
export const puePartialUnavailable = metric({
  name: 'greenflops_pue_partial_unavailable',
  type: 'gauge',
  unit: '',
  stability: 'experimental',
  labels: ['site', 'hall', 'window', 'reason'],
  help: { zh: '该模块该窗口没有部分 PUE 及其原因', en: 'The hall has no partial PUE over the window, and why' },
});
export const provincePueRatio = metric({
  name: 'greenflops_province_pue_ratio',
  type: 'gauge',
  unit: 'ratio',
  stability: 'experimental',
  labels: ['window', 'kind', 'category', 'edition'],
  help: {
    zh: '全省 PUE：窗口相同且有 PUE 的各园区电能之和相除，不是各园区 PUE 的平均',
    en: 'PUE of the province: the sums of the energies of sites with a PUE over the same window, divided; no mean of ratios',
  },
});
export const provincePueEnergyJoules = metric({
  name: 'greenflops_province_pue_energy_joules',
  type: 'gauge',
  unit: 'joules',
  stability: 'experimental',
  labels: ['window', 'side'],
  help: { zh: '全省 PUE 的分子与分母', en: "Numerator and denominator of the province's PUE" },
});
export const provincePueSite = metric({
  name: 'greenflops_province_pue_site',
  type: 'gauge',
  unit: '',
  stability: 'experimental',
  labels: ['site', 'window', 'state'],
  help: {
    zh: '该园区是否计入全省 PUE：included 计入，其余为未计入的原因',
    en: "Whether the site is in the province's PUE: included, or why it is not",
  },
});
export const reuseRatio = metric({
  name: 'greenflops_erf_ratio',
  type: 'gauge',
  unit: 'ratio',
  stability: 'experimental',
  labels: ['site', 'window'],
  help: {
    zh: '能源再利用因子 ERF（ISO/IEC 30134-6）：再利用的能量 / 设施电能，同一时段',
    en: 'Energy reuse factor (ISO/IEC 30134-6): reused energy / facility energy over the same hours',
  },
});
export const pueUnavailable = metric({
  name: 'greenflops_pue_unavailable',
  type: 'gauge',
  unit: '',
  stability: 'stable',
  labels: ['site', 'window', 'reason'],
  help: { zh: '该窗口没有 PUE 及其原因', en: 'The window has no PUE, and why' },
});
export const pueFirstTimestamp = metric({
  name: 'greenflops_pue_first_timestamp_seconds',
  type: 'gauge',
  unit: 'seconds',
  stability: 'experimental',
  labels: ['site', 'window'],
  help: { zh: '该窗口最早可能给出 PUE 的时刻', en: 'Earliest time at which the window can have a PUE' },
});
export const pueTargetRatio = metric({
  name: 'greenflops_pue_target_ratio',
  type: 'gauge',
  unit: 'ratio',
  stability: 'stable',
  labels: ['site'],
  help: { zh: '该园区的年度 PUE 目标', en: 'Annual PUE target of the site' },
});
export const pueAllowanceRatio = metric({
  name: 'greenflops_pue_allowance_ratio',
  type: 'gauge',
  unit: 'ratio',
  stability: 'stable',
  labels: ['site'],
  help: { zh: '本月允许的 PUE', en: 'PUE allowed in the current month' },
});
export const gb40879Ratio = metric({
  name: 'greenflops_gb40879_ratio',
  type: 'gauge',
  unit: 'ratio',
  stability: 'stable',
  labels: ['site', 'basis'],
  help: {
    zh: 'GB 40879-2021 电能比（仅电力）；满一整年前为 indicative',
    en: 'Electricity ratio of GB 40879-2021; indicative before a full year',
  },
});
export const wueLitresPerKwh = metric({
  name: 'greenflops_wue_litres_per_kwh',
  type: 'gauge',
  unit: '',
  stability: 'experimental',
  labels: ['site', 'window'],
  help: {
    zh: '水利用效率 WUE（ISO/IEC 30134-9）：用水量（升）/ IT 电能（kWh），同一时段',
    en: 'Water usage effectiveness (ISO/IEC 30134-9): litres of water / kWh of IT energy over the same hours',
  },
});
export const gb40879Grade = metric({
  name: 'greenflops_gb40879_grade',
  type: 'gauge',
  unit: '',
  stability: 'experimental',
  labels: ['site', 'basis'],
  help: {
    zh: 'GB 40879-2021 能效等级：1、2、3；4 表示超过 3 级限定值',
    en: 'Grade of GB 40879-2021: 1, 2 or 3; 4 is above the limit of grade 3',
  },
});
