import { metric } from './metric.ts';

const queue = ['site', 'source', 'tenant'] as const;

const pflopsNote = {
  zh: '（单位 PFlops 是规划自身的单位，稠密 FP16，有意不用基本单位）',
  en: ' (PFlops of dense FP16 are the unit of the plan itself: a deliberate exception to base units)',
};

export const tenantQuota = metric({
  name: 'greenflops_tenant_quota_pflops',
  type: 'gauge',
  unit: 'pflops',
  stability: 'experimental',
  labels: ['site', 'tenant', 'pool', 'basis'],
  help: {
    zh: `声明中租户的配额：promised 为承诺的，compiled 为换算成整卡或整数算力额度后实际可用的；pool="any" 为不指定资源池的${pflopsNote.zh}`,
    en: `Quota of a tenant by the declaration: promised, and compiled to whole chips or whole credits; pool="any" where it names no pool${pflopsNote.en}`,
  },
});
export const queuePflops = metric({
  name: 'greenflops_queue_pflops',
  type: 'gauge',
  unit: 'pflops',
  stability: 'experimental',
  labels: [...queue, 'state'],
  help: {
    zh: `租户队列的算力，由 Kueue 的指标换算：nominal 自有，borrowable 至多可借，reserved 已预留（含 used），used 已接纳，pending 等待中。管理集群的队列再次含有其工作集群的：两者不相加${pflopsNote.zh}`,
    en: `Computing power of a tenant's queue, from Kueue's own metrics: nominal, borrowable at most, reserved (used among it), used by admitted jobs, pending. A manager's queue holds again what its workers' hold: the two are not added up${pflopsNote.en}`,
  },
});
export const queueWorkloads = metric({
  name: 'greenflops_queue_workloads',
  type: 'gauge',
  unit: '',
  stability: 'experimental',
  labels: [...queue, 'state'],
  help: {
    zh: '租户队列中的作业数：pending 等待，reserved 已预留配额（含 admitted），admitted 已接纳且未结束',
    en: "Jobs in a tenant's queue: pending, reserved (holding quota, admitted ones among them), admitted and not finished",
  },
});
export const queueAdmissions = metric({
  name: 'greenflops_queue_admissions_total',
  type: 'counter',
  unit: '',
  stability: 'experimental',
  labels: queue,
  help: {
    zh: '采集器启动以来看到被接纳的作业数',
    en: 'Jobs that were admitted, as far as the exporter saw it since its start',
  },
});
export const queueWaitSeconds = metric({
  name: 'greenflops_queue_wait_seconds_total',
  type: 'counter',
  unit: 'seconds',
  stability: 'experimental',
  labels: queue,
  help: {
    zh: '这些作业从提交（或重新排队）到被接纳所等待的秒数之和',
    en: 'Seconds that these jobs had waited, from their submission or requeueing to their admission',
  },
});
export const quotaEnforced = metric({
  name: 'greenflops_quota_enforced',
  type: 'gauge',
  unit: '',
  stability: 'experimental',
  labels: queue,
  help: {
    zh: '1：租户在用的卡都计入了其配额；0：少计了一张卡或更多，Kueue 的算力额度换算没有生效，或作业在改换系数之前被接纳；没有作业运行则不给出',
    en: "1: every chip that the tenant uses is charged to its quota; 0: a chip or more is not, because Kueue's configuration of credits is not in force, or because jobs were admitted by an older coefficient; absent where nothing runs",
  },
});
