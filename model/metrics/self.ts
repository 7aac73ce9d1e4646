import { metric } from './metric.ts';

export const buildInfo = metric({
  name: 'greenflops_build_info',
  type: 'gauge',
  unit: '',
  stability: 'stable',
  labels: ['version', 'plan_hash'],
  help: { zh: '版本与声明的摘要', en: 'Version, and hash of the declaration' },
});
export const ledgerUp = metric({
  name: 'greenflops_ledger_up',
  type: 'gauge',
  unit: '',
  stability: 'stable',
  labels: [],
  help: {
    zh: '最近一次提交是否成功；为 0 时不发布新的总量',
    en: 'Whether the last commit succeeded; while 0, no new total is published',
  },
});
export const ledgerLastCommit = metric({
  name: 'greenflops_ledger_last_commit_timestamp_seconds',
  type: 'gauge',
  unit: 'seconds',
  stability: 'stable',
  labels: [],
  help: { zh: '最近一次提交的时刻', en: 'When the ledger last committed' },
});
export const eventsTotal = metric({
  name: 'greenflops_events_total',
  type: 'counter',
  unit: '',
  stability: 'stable',
  labels: ['site', 'kind'],
  help: { zh: '账本事件数', en: 'Events in the ledger' },
});
export const clockJumps = metric({
  name: 'greenflops_clock_jumps_total',
  type: 'counter',
  unit: '',
  stability: 'stable',
  labels: [],
  help: { zh: '系统时钟跳变超过 2 秒的次数', en: 'Jumps of the wall clock by more than 2 s' },
});
export const droppedSeries = metric({
  name: 'greenflops_dropped_series',
  type: 'gauge',
  unit: '',
  stability: 'stable',
  labels: [],
  help: {
    zh: '最近一个周期未发布的序列数：超出预算，或样本不可发布',
    en: 'Series left out of the last cycle: beyond the series budget, or not publishable',
  },
});
export const droppedFamilySeries = metric({
  name: 'greenflops_dropped_family_series',
  type: 'gauge',
  unit: '',
  stability: 'stable',
  labels: ['family'],
  help: {
    zh: '各指标中因序列预算或内存将满而未发布的序列数',
    en: 'Series of each metric that the series budget or a full heap left out of the last cycle',
  },
});
export const reloadSuccess = metric({
  name: 'greenflops_reload_success',
  type: 'gauge',
  unit: '',
  stability: 'stable',
  labels: [],
  help: {
    zh: '最近一次装载声明是否成功；为 0 时原来的声明仍在使用',
    en: 'Whether the declaration was last loaded without a fault; while 0, the one before is in use',
  },
});
export const reloadTimestamp = metric({
  name: 'greenflops_reload_timestamp_seconds',
  type: 'gauge',
  unit: 'seconds',
  stability: 'stable',
  labels: [],
  help: { zh: '正在使用的声明的装载时刻', en: 'When the declaration in use was loaded' },
});
export const insecureBind = metric({
  name: 'greenflops_insecure_bind',
  type: 'gauge',
  unit: '',
  stability: 'stable',
  labels: [],
  help: { zh: '1 表示在回环之外监听且没有 TLS 或认证', en: '1: listens beyond loopback without TLS or authentication' },
});
