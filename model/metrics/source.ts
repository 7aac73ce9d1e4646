import { metric } from './metric.ts';

const labels = ['site', 'source'] as const;

export const sourceUp = metric({
  name: 'greenflops_source_up',
  type: 'gauge',
  unit: '',
  stability: 'stable',
  labels,
  help: { zh: '最近一次读取是否成功', en: 'Whether the last read succeeded' },
});
export const sourceDuration = metric({
  name: 'greenflops_source_duration_seconds',
  type: 'gauge',
  unit: 'seconds',
  stability: 'stable',
  labels,
  help: { zh: '最近一次读取用时', en: 'How long the last read took' },
});
export const sourceLastSuccess = metric({
  name: 'greenflops_source_last_success_timestamp_seconds',
  type: 'gauge',
  unit: 'seconds',
  stability: 'stable',
  labels,
  help: { zh: '设备最近一次成功应答的时刻', en: 'When the device last answered' },
});
export const sourceFailures = metric({
  name: 'greenflops_source_failures_total',
  type: 'counter',
  unit: '',
  stability: 'stable',
  labels: ['site', 'source', 'failure'],
  help: { zh: '读取失败次数', en: 'Failed reads by cause' },
});
export const sourceRejectedSamples = metric({
  name: 'greenflops_source_rejected_samples_total',
  type: 'counter',
  unit: '',
  stability: 'stable',
  labels: ['site', 'source', 'reason'],
  help: { zh: '未被采信的样本数', en: 'Samples that were not believed, by reason' },
});
export const sourceRefusing = metric({
  name: 'greenflops_source_refusing',
  type: 'gauge',
  unit: '',
  stability: 'stable',
  labels: ['site', 'source', 'reason'],
  help: {
    zh: '最近一次应答未被采信，或未被全部采信',
    en: 'The last answer was not believed, or not wholly, and why',
  },
});
export const sourceConsecutiveFailures = metric({
  name: 'greenflops_source_consecutive_failures',
  type: 'gauge',
  unit: '',
  stability: 'stable',
  labels,
  help: { zh: '最近一次成功之后连续失败的读取次数', en: 'Reads that failed one after another since the last success' },
});
export const sourceBreakerOpen = metric({
  name: 'greenflops_source_breaker_open',
  type: 'gauge',
  unit: '',
  stability: 'stable',
  labels,
  help: {
    zh: '1 表示连续失败过多，两次尝试之间的等待加长（至多 5 分钟）',
    en: '1: it failed so often in a row that tries are further apart, by 5 minutes at most',
  },
});
