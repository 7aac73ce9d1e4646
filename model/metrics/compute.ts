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
