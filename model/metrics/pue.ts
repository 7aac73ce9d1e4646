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
