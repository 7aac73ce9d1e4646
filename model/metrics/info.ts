import { metric } from './metric.ts';

const names = ['name_zh', 'name_en'] as const;

export const siteInfo = metric({
  name: 'greenflops_site_info',
  type: 'gauge',
  unit: '',
  stability: 'stable',
  labels: ['site', ...names, 'demo', 'profile', 'grid'],
  help: { zh: '园区的名称与属性', en: 'Names and attributes of a site' },
});
export const poolInfo = metric({
  name: 'greenflops_pool_info',
  type: 'gauge',
  unit: '',
  stability: 'stable',
  labels: ['site', 'pool', ...names, 'model', 'vendor'],
  help: { zh: '资源池的名称与属性', en: 'Names and attributes of a pool' },
});
export const meterInfo = metric({
  name: 'greenflops_meter_info',
  type: 'gauge',
  unit: '',
  stability: 'stable',
  labels: ['site', 'meter', ...names, 'direction', 'side', 'category', 'serial'],
  help: { zh: '电表的名称与属性', en: 'Names and attributes of a meter' },
});
export const actionInfo = metric({
  name: 'greenflops_action_info',
  type: 'gauge',
  unit: '',
  stability: 'stable',
  labels: ['action', ...names, 'category'],
  help: { zh: '重点行动的名称', en: 'Names of a key action' },
});
export const targetInfo = metric({
  name: 'greenflops_target_info',
  type: 'gauge',
  unit: '',
  stability: 'stable',
  labels: ['target', ...names, 'comparator', 'target_unit'],
  help: { zh: '目标的名称与单位', en: 'Name and unit of a target' },
});
export const maintenance = metric({
  name: 'greenflops_maintenance',
  type: 'gauge',
  unit: '',
  stability: 'stable',
  labels: ['site'],
  help: {
    zh: '园区正在声明的维护时段内，其告警静默；不删除任何数据',
    en: 'The site is in a declared maintenance window, which mutes its alerts and removes no data',
  },
});
