import { metric } from './metric.ts';

export const energyJoules = metric({
  name: 'greenflops_energy_joules_total',
  type: 'counter',
  unit: 'joules',
  stability: 'stable',
  labels: ['site', 'meter', 'role', 'carrier', 'evidence'],
  help: { zh: '电表的电能，只含实时读数入账的部分', en: 'Energy of a meter, credited from live readings only' },
});
export const siteEnergyJoules = metric({
  name: 'greenflops_site_energy_joules_total',
  type: 'counter',
  unit: 'joules',
  stability: 'stable',
  labels: ['site', 'side'],
  help: {
    zh: '园区边界或 IT 的净电能（加权、只计最上层电表）',
    en: 'Net weighted energy of a site: boundary meters or topmost IT meters',
  },
});
export const powerWatts = metric({
  name: 'greenflops_power_watts',
  type: 'gauge',
  unit: 'watts',
  stability: 'stable',
  labels: ['site', 'meter', 'role'],
  help: { zh: '电表的功率读数', en: 'Power as the meter reads it' },
});
export const siteEnergyTimestamp = metric({
  name: 'greenflops_site_energy_timestamp_seconds',
  type: 'gauge',
  unit: 'seconds',
  stability: 'experimental',
  labels: ['site', 'side'],
  help: {
    zh: '该侧累计电能计到的时刻；电能增量除以此时刻的增量即平均功率，某块表停走时也不失真',
    en: "Instant up to which the side's energy counts; rise of energy over rise of this is mean power, also while a meter stands still",
  },
});
export const meterCrossCheckRatio = metric({
  name: 'greenflops_meter_cross_check_ratio',
  type: 'gauge',
  unit: 'ratio',
  stability: 'experimental',
  labels: ['site', 'meter'],
  help: {
    zh: '最近一个核对窗口内，电能寄存器的增量与功率积分之比；1 为相符，10 的整数次幂说明倍率错了',
    en: "Rise of a meter's energy register over the integral of its own power, in the last finished window; 1 agrees, a power of ten is a wrong scale",
  },
});
export const waterLitres = metric({
  name: 'greenflops_water_litres_total',
  type: 'counter',
  unit: 'litres',
  stability: 'experimental',
  labels: ['site', 'meter'],
  help: { zh: '水表累计用水量', en: 'Water that a meter has counted' },
});
export const meterUnmeteredSeconds = metric({
  name: 'greenflops_meter_unmetered_seconds_total',
  type: 'counter',
  unit: 'seconds',
  stability: 'stable',
  labels: ['site', 'meter'],
  help: {
    zh: '当时无法计量的秒数（卡住、过长的缺口、复位前后）',
    en: 'Seconds that could not be metered at the time: stuck, silent for too long, around a reset',
  },
});
