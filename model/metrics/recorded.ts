import { metric, type Metric } from './metric.ts';

/**
 * Series that Prometheus makes of what several exporters say, by the recording rules in alerts/: no exporter has them, so
 * they stand beside the catalogue. Names have the form level:metric:operations.
 */
export const provincePueIncluded = metric({
  name: 'site_window:greenflops_province_pue:included',
  type: 'gauge',
  unit: '',
  stability: 'experimental',
  labels: ['site', 'window'],
  help: {
    zh: '1：该园区计入全省 PUE；0：它的窗口比别的园区短，不计入',
    en: "1: the site is in the province's PUE; 0: its window is shorter than that of others, and it is not",
  },
});
export const provincePueSums = metric({
  name: 'window_side:greenflops_province_pue_energy_joules:sum',
  type: 'gauge',
  unit: 'joules',
  stability: 'experimental',
  labels: ['window', 'side'],
  help: { zh: '计入全省 PUE 的各园区电能之和', en: "Sum of the energies of the sites in the province's PUE" },
});
export const provincePueOfSums = metric({
  name: 'window:greenflops_province_pue:ratio',
  type: 'gauge',
  unit: 'ratio',
  stability: 'experimental',
  labels: ['window'],
  help: {
    zh: '全省 PUE：设施电能之和 / IT 电能之和',
    en: 'PUE of the province: sum of facility energies / sum of IT energies',
  },
});

export const fleetSteps = metric({
  name: 'site_precision_step_tier:greenflops_compute_pflops:sum',
  type: 'gauge',
  unit: 'pflops',
  stability: 'experimental',
  labels: ['site', 'precision', 'step', 'tier'],
  help: { zh: '园区各台阶的算力，各资源池之和', en: 'Computing power of a site by step, the sum of its pools' },
});
export const fleetDelivered = metric({
  name: 'site_tenant_action_precision_tier:greenflops_compute_pflops:rate5m',
  type: 'gauge',
  unit: 'pflops',
  stability: 'experimental',
  labels: ['site', 'tenant', 'action', 'precision', 'tier'],
  help: {
    zh: '租户五分钟内交付的算力，由运算量计数器求得',
    en: 'What a tenant was delivered over five minutes, from the counters of work',
  },
});
export const fleetCards = metric({
  name: 'site_state:greenflops_accelerator_power_watts:rate5m',
  type: 'gauge',
  unit: 'watts',
  stability: 'experimental',
  labels: ['site', 'state'],
  help: {
    zh: '加速器五分钟平均功率，按当时状态（busy、idle、unallocated）',
    en: 'Mean power of accelerators over five minutes by what they did: busy, idle, unallocated',
  },
});

/** All of them. */
export const recorded: readonly Metric[] = [
  provincePueIncluded,
  provincePueSums,
  provincePueOfSums,
  fleetSteps,
  fleetDelivered,
  fleetCards,
];
