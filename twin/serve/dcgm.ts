import { deviceJoules, deviceWatts } from '../physics/pool.ts';
import { sinceEpoch } from '../physics/time.ts';
import type { Card } from './cards.ts';

const ratio = (value: number) => value.toFixed(6);
const whole = (value: number) => value.toFixed(0);

interface Family {
  readonly name: string;
  readonly type: 'gauge' | 'counter';
  readonly help: string;
  /** Value as text; null: not reported for this card. */
  readonly value: (card: Card, ms: number) => string | null;
}

const families: readonly Family[] = [
  {
    name: 'DCGM_FI_DEV_SM_CLOCK',
    type: 'gauge',
    help: 'SM clock frequency (in MHz).',
    value: ({ clock_mhz }) => whole(clock_mhz),
  },
  {
    name: 'DCGM_FI_DEV_GPU_TEMP',
    type: 'gauge',
    help: 'GPU temperature (in C).',
    value: ({ job }) => whole(32 + 42 * (job?.load ?? 0)),
  },
  {
    name: 'DCGM_FI_DEV_POWER_USAGE',
    type: 'gauge',
    help: 'Power draw (in W).',
    value: ({ device, job }) => ratio(deviceWatts(device, job)),
  },
  {
    name: 'DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION',
    type: 'counter',
    help: 'Total energy consumption since boot (in mJ).',
    value: ({ node, device }, ms) => whole(Math.floor(deviceJoules(node, device, ms) * 1000)),
  },
  {
    name: 'DCGM_FI_DEV_GPU_UTIL',
    type: 'gauge',
    help: 'GPU utilization (in %).',
    // Under MIG there is no GPU_UTIL (NVIDIA/DCGM#80).
    value: ({ job, instances }) => (instances.length > 0 ? null : whole(Math.ceil(100 * (job?.busy ?? 0)))),
  },
  {
    name: 'DCGM_FI_DEV_XID_ERRORS',
    type: 'gauge',
    help: 'Value of the last XID error encountered.',
    value: () => '0',
  },
  {
    name: 'DCGM_FI_DEV_FB_FREE',
    type: 'gauge',
    help: 'Framebuffer memory free (in MiB).',
    value: ({ memory }) => whole(memory.total_mib - memory.used_mib),
  },
  {
    name: 'DCGM_FI_DEV_FB_USED',
    type: 'gauge',
    help: 'Framebuffer memory used (in MiB).',
    value: ({ memory }) => whole(memory.used_mib),
  },
  {
    name: 'DCGM_FI_PROF_GR_ENGINE_ACTIVE',
    type: 'gauge',
    help: 'Ratio of time the graphics engine is active.',
    value: ({ job }) => ratio(job?.busy ?? 0),
  },
  {
    name: 'DCGM_FI_PROF_PIPE_TENSOR_ACTIVE',
    type: 'gauge',
    help: 'Ratio of cycles the tensor (HMMA) pipe is active.',
    // Of an instance relative to the instance (NVIDIA/DCGM#138): the job keeps all parts of a split card equally busy.
    value: ({ job }) => ratio(job?.tensor ?? 0),
  },
];

/**
 * The cards' text at an instant (Unix ms) in the shape of NVIDIA's dcgm-exporter: families in the order of its
 * etc/default-counters.csv, labels in the order and with the `Hostname` that internal/pkg/rendermetrics wrote before
 * May 2026, ratios and watts with six decimals, counts whole. A free card's pod labels are empty.
 */
export function dcgmText(cards: readonly Card[], at: number): string {
  const ms = sinceEpoch(at);
  const labelled = cards.flatMap((card) => labelsOf(card).map((labels) => ({ card, labels })));
  let text = '';
  for (const { name, type, help, value } of families) {
    text += `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
    for (const { card, labels } of labelled) {
      const found = value(card, ms);
      if (found !== null) text += `${name}{${labels}} ${found}\n`;
    }
  }
  return text;
}

/** One set of labels per card, or one per MIG instance of it. */
function labelsOf({ device: { slot, serial }, model, node, job, instances }: Card): string[] {
  const uuid = serial.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, 'GPU-$1-$2-$3-$4-$5');
  const bus = `00000000:${(16 * (slot + 1)).toString(16).toUpperCase()}:00.0`;
  const head = `gpu="${slot}",UUID="${uuid}",pci_bus_id="${bus}",device="nvidia${slot}",modelName="${model}"`;
  const tail =
    `,Hostname="${node.name}",DCGM_FI_DRIVER_VERSION="550.90.07"` +
    `,container="${job ? 'main' : ''}",namespace="${job?.namespace ?? ''}",pod="${job?.pod ?? ''}"`;
  if (instances.length === 0) return [head + tail];
  return instances.map((profile, index) => `${head},GPU_I_PROFILE="${profile}",GPU_I_ID="${index + 1}"${tail}`);
}
