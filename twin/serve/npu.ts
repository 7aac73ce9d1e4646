import { deviceWatts } from '../physics/pool.ts';
import type { Card } from './cards.ts';

interface Family {
  readonly name: string;
  readonly help: string;
  /** Only for models with cube and vector units of their own (Atlas A2 and later). */
  readonly tensorOnly?: true;
  readonly value: (card: Card) => number;
}

/** npu-exporter prints utilisation in whole per cent; occupancy is rounded up, so that it never lies below the work. */
const rounded = (share: number) => Math.round(100 * share);
const upwards = (share: number) => Math.ceil(100 * share);

const families: readonly Family[] = [
  {
    name: 'npu_chip_info_aicore_current_freq',
    help: "the npu ai core current frequency, unit is 'MHz'",
    value: ({ clock_mhz }) => clock_mhz,
  },
  {
    name: 'npu_chip_info_cube_utilization',
    help: 'the cube utilization',
    tensorOnly: true,
    value: ({ job }) => rounded(job?.tensor ?? 0),
  },
  {
    name: 'npu_chip_info_hbm_total_memory',
    help: 'the npu hbm total memory',
    value: ({ memory }) => memory.total_mib,
  },
  {
    name: 'npu_chip_info_hbm_used_memory',
    help: 'the npu hbm used memory',
    value: ({ memory }) => memory.used_mib,
  },
  { name: 'npu_chip_info_health_status', help: 'the npu health status', value: () => 1 },
  {
    name: 'npu_chip_info_overall_utilization',
    help: 'the overall utilization of npu',
    tensorOnly: true,
    value: ({ job }) => upwards(job?.busy ?? 0),
  },
  {
    name: 'npu_chip_info_power',
    help: 'the npu power',
    value: ({ device, job }) => Math.round(10 * deviceWatts(device, job)) / 10,
  },
  {
    name: 'npu_chip_info_temperature',
    help: 'the npu temperature',
    value: ({ job }) => Math.round(36 + 30 * (job?.load ?? 0)),
  },
  {
    name: 'npu_chip_info_utilization',
    help: 'the ai core utilization',
    value: ({ job }) => upwards(job?.core ?? 0),
  },
];

/**
 * The cards' text in the shape of Ascend's npu-exporter (mind-cluster, API document 01_prometheus_metrics_api.md):
 * families and labels in alphabetical order, explicit timestamps of `stamp` (Unix ms) on the samples of chips.
 * One text speaks for all servers of the pool, so ids repeat and vdie_id tells the chips apart.
 */
export function npuText(cards: readonly Card[], stamp: number, tensor: boolean): string {
  const labelled = cards.map((card) => ({ card, labels: labelsOf(card) }));
  let text = `# HELP machine_npu_nums Amount of npu installed on the machine.\n# TYPE machine_npu_nums gauge\n`;
  text += `machine_npu_nums ${cards.length}\n`;
  for (const { name, help, tensorOnly, value } of families) {
    if (tensorOnly && !tensor) continue;
    text += `# HELP ${name} ${help}\n# TYPE ${name} gauge\n`;
    for (const { card, labels } of labelled) text += `${name}{${labels}} ${value(card)} ${stamp}\n`;
  }
  text += `# HELP npu_exporter_version_info exporter version with value '1'\n`;
  text += `# TYPE npu_exporter_version_info gauge\nnpu_exporter_version_info{exporterVersion="v7.1.RC1"} 1\n`;
  return text;
}

function labelsOf({ device: { slot, serial }, job, model }: Card): string {
  const vdie = serial.toUpperCase().replace(/^(.{8})(.{8})(.{8})(.{8})(.{8})$/, '$1-$2-$3-$4-$5');
  const bus = `0000:${(16 * (slot + 1)).toString(16).toUpperCase()}:00.0`;
  return (
    `container_name="${job ? 'main' : ''}",id="${slot}",model_name="${model}",namespace="${job?.namespace ?? ''}",` +
    `pcie_bus_info="${bus}",pod_name="${job?.pod ?? ''}",vdie_id="${vdie}"`
  );
}
