import { metric } from './metric.ts';

const pflopsNote = {
  zh: '（单位 PFlops 是规划自身的单位，有意不用基本单位）',
  en: ' (PFlops is the unit of the plan itself: a deliberate exception to base units)',
};

export const computePflops = metric({
  name: 'greenflops_compute_pflops',
  type: 'gauge',
  unit: 'pflops',
  stability: 'stable',
  labels: ['site', 'pool', 'precision', 'step', 'tier'],
  help: { zh: `资源池在各台阶的算力${pflopsNote.zh}`, en: `Computing power of a pool by step${pflopsNote.en}` },
});
export const computePflopSeconds = metric({
  name: 'greenflops_compute_pflop_seconds_total',
  type: 'counter',
  unit: 'pflop_seconds',
  stability: 'stable',
  labels: ['site', 'pool', 'tenant', 'action', 'precision', 'tier'],
  help: { zh: `已交付的运算量${pflopsNote.zh}`, en: `Work delivered${pflopsNote.en}` },
});
export const acceleratorEnergy = metric({
  name: 'greenflops_accelerator_energy_joules_total',
  type: 'counter',
  unit: 'joules',
  stability: 'experimental',
  labels: ['site', 'pool', 'state'],
  help: {
    zh: '加速器用电（由功率读数积分），按当时状态：busy 在为容器组计算，idle 已分配而空闲，unallocated 未分配',
    en: 'Energy of accelerators, integrated from their power, by what they did: busy (activity > 0.01), idle (held by a pod without work), unallocated',
  },
});
export const computeAchievable = metric({
  name: 'greenflops_compute_achievable_pflops',
  type: 'gauge',
  unit: 'pflops',
  stability: 'experimental',
  labels: ['site', 'pool', 'precision', 'basis'],
  help: {
    zh: `实测矩阵乘所能达到的算力：basis=calibration 出自 calibration.yaml，catalogue 出自加速器目录${pflopsNote.zh}`,
    en: `What dense matrix products were seen to reach: basis=calibration by calibration.yaml, catalogue by the accelerator catalogue${pflopsNote.en}`,
  },
});
export const provinceCompute = metric({
  name: 'greenflops_province_compute_pflops',
  type: 'gauge',
  unit: 'pflops',
  stability: 'experimental',
  labels: ['precision', 'step', 'tier'],
  help: {
    zh: `全省算力：各园区资源池之和；所含份额见 greenflops_province_compute_coverage_ratio${pflopsNote.zh}`,
    en: `Computing power of the province: the sum of the sites' pools; greenflops_province_compute_coverage_ratio says of how many${pflopsNote.en}`,
  },
});
export const provinceComputeCoverage = metric({
  name: 'greenflops_province_compute_coverage_ratio',
  type: 'gauge',
  unit: 'ratio',
  stability: 'experimental',
  labels: ['precision', 'step'],
  help: {
    zh: '该台阶已知的资源池占全部标称算力的份额',
    en: 'Share of all nominal computing power whose pools are known at this step',
  },
});
export const deviceActivity = metric({
  name: 'greenflops_device_activity_ratio',
  type: 'gauge',
  unit: 'ratio',
  stability: 'experimental',
  labels: ['site', 'pool', 'device', 'tier'],
  help: {
    zh: '单个加速器的活跃度（默认不发布，见 per_device）',
    en: "One accelerator's activity; off by default, see per_device",
  },
});
export const devicePower = metric({
  name: 'greenflops_device_power_watts',
  type: 'gauge',
  unit: 'watts',
  stability: 'experimental',
  labels: ['site', 'pool', 'device'],
  help: {
    zh: '单个加速器的功率（默认不发布，见 per_device）',
    en: "One accelerator's power; off by default, see per_device",
  },
});
export const devices = metric({
  name: 'greenflops_devices',
  type: 'gauge',
  unit: '',
  stability: 'stable',
  labels: ['site', 'pool', 'model', 'state'],
  help: { zh: '各状态的加速器数', en: 'Accelerators by state' },
});
export const unknownAccelerator = metric({
  name: 'greenflops_unknown_accelerator',
  type: 'gauge',
  unit: '',
  stability: 'stable',
  labels: ['site', 'pool', 'model'],
  help: {
    zh: '设备报告的型号不在目录或与声明不符，不计算力',
    en: 'A reported model that is not in the catalogue or not the declared one: it counts no PFlops',
  },
});
export const computeClampedSamples = metric({
  name: 'greenflops_compute_clamped_samples_total',
  type: 'counter',
  unit: '',
  stability: 'stable',
  labels: ['site', 'pool'],
  help: { zh: '活跃度超出 0 到 1 而被截断的样本数', en: 'Activity samples that were clamped to 0-1' },
});
