import { metric } from './metric.ts';

const summed = {
  zh: '；全省总量为各园区之和',
  en: '; the total of a province is the sum over its sites',
};

export const carbonKilograms = metric({
  name: 'greenflops_carbon_kilograms_total',
  type: 'counter',
  unit: 'kilograms',
  stability: 'experimental',
  labels: ['site', 'basis'],
  help: {
    zh: `实时读数的二氧化碳排放量：location 按所在电网因子，market 再扣除绿色证书${summed.zh}`,
    en: `Carbon dioxide of live readings: location by the grid's factor, market after certificates${summed.en}`,
  },
});
export const carbonWindowKilograms = metric({
  name: 'greenflops_carbon_window_kilograms',
  type: 'gauge',
  unit: 'kilograms',
  stability: 'experimental',
  labels: ['site', 'window', 'basis'],
  help: {
    zh: `窗口内计入 PUE 的小时的二氧化碳排放量：location 按所在电网因子，market 再扣除绿色证书${summed.zh}`,
    en: `Carbon dioxide of the window's hours that count for its PUE: location by the grid's factor, market after certificates${summed.en}`,
  },
});
export const carbonUnavailable = metric({
  name: 'greenflops_carbon_unavailable',
  type: 'gauge',
  unit: '',
  stability: 'experimental',
  labels: ['site', 'window', 'reason'],
  help: { zh: '该窗口没有排放量及其原因', en: 'The window has no emissions, and why' },
});
export const refRatio = metric({
  name: 'greenflops_ref_ratio',
  type: 'gauge',
  unit: 'ratio',
  stability: 'experimental',
  labels: ['site', 'window'],
  help: {
    zh: '可再生能源因子 REF（ISO/IEC 30134-3）：（现场发电 − 外送 + 已用证书）/ 设施电能',
    en: 'Renewable energy factor (ISO/IEC 30134-3): (on-site generation - export + certificates used) / facility energy',
  },
});
export const cueKilogramsPerKwh = metric({
  name: 'greenflops_cue_kilograms_per_kwh',
  type: 'gauge',
  unit: '',
  stability: 'experimental',
  labels: ['site', 'window'],
  help: {
    zh: '碳使用效率 CUE（ISO/IEC 30134-8）：按所在电网因子的排放量 / IT 电能（每 kWh，KPI 自身的单位）',
    en: "Carbon usage effectiveness (ISO/IEC 30134-8): location-based emissions / IT energy, per kWh as the KPI's own unit",
  },
});
export const certificateUsedJoules = metric({
  name: 'greenflops_certificate_used_joules',
  type: 'gauge',
  unit: 'joules',
  stability: 'experimental',
  labels: ['site', 'certificate', 'kind'],
  help: {
    zh: '证书中该园区在证书期内消费并已抵扣的电量',
    en: "Energy of the certificate that the site consumed within the certificate's period",
  },
});
export const certificateLeftJoules = metric({
  name: 'greenflops_certificate_left_joules',
  type: 'gauge',
  unit: 'joules',
  stability: 'experimental',
  labels: ['site', 'certificate', 'kind', 'state'],
  help: {
    zh: '证书中尚未抵扣的电量：usable 仍可使用；surplus 期内没有消费，不再抵扣',
    en: 'Energy of the certificate that is not used: usable still can be, surplus was not consumed within its period and is not applied',
  },
});
