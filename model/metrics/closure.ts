import { metric } from './metric.ts';

export const closureUnexplained = metric({
  name: 'greenflops_closure_unexplained_ratio',
  type: 'gauge',
  unit: 'ratio',
  stability: 'experimental',
  labels: ['site', 'level'],
  help: {
    zh: '该层级的电量中下级表计没有解释的份额：level 为 boundary（边界）、ups（UPS 输出）、pdu（PDU 输出），取最近 24 个整点小时；it（IT 表计对加速器），取最近一个整点小时。负值表示下级多于上级',
    en: 'Share of the energy of a level that what is measured below it does not explain: boundary, ups (UPS output) and pdu (PDU output) over the last 24 full hours, it (IT meters against accelerators) over the last one; negative: below is more than above',
  },
});
export const closureSuspect = metric({
  name: 'greenflops_closure_suspect',
  type: 'gauge',
  unit: '',
  stability: 'experimental',
  labels: ['site', 'pool', 'meter', 'suspect'],
  help: {
    zh: '电量不能闭合，且读数指向一个已知的原因；pool 或 meter 为空表示与其无关',
    en: 'Energies do not close, and the readings point to a known cause; pool or meter is empty where it is not about one',
  },
});
