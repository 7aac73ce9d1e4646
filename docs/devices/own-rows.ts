import type { Text } from '../../model/text.ts';

/** A row that somebody may put into telemetry.yaml: shown on the page, and read by a test from a plan of its own. */
export interface OwnRow {
  readonly id: string;
  readonly title: Text;
  readonly why: Text;
  /** One entry of `families:` */
  readonly yaml: string;
}

export const ownRows: readonly OwnRow[] = [
  {
    id: 'your-exporter',
    title: {
      zh: '任意厂商（壁仞等没有公开导出器的也一样）',
      en: 'Any vendor, those without a public exporter (Biren) among them',
    },
    why: {
      zh: '把 `your_…` 换成导出器文本里的名称；不需要的行删掉。型号的峰值写进 accelerators.yaml，`reported_as` 写文本里的型号名。',
      en: "Put the names of the exporter's text in the place of `your_…` and leave out what it does not say. The model's peak goes into accelerators.yaml, and its name in the text into `reported_as`.",
    },
    yaml: `- id: your-exporter
  name: { zh: 你的导出器, en: Your exporter }
  prefixes: [your_]
  identity: [[serial, die]] # here a card has two dies, each with a line of its own
  model: [product]
  pod: [exported_pod, pod]
  namespace: [exported_namespace, namespace]
  node: [host]
  activity:
    - { signal: tensor, metric: your_matrix_percent, factor: 0.01 } # best first
    - { signal: busy, metric: your_busy_percent, factor: 0.01 }
  clock: { metric: your_clock_mhz, labels: { domain: [core] } } # of several clocks the one of the cores
  power: { metric: your_power_milliwatts, factor: 0.001 }
  energy: { metric: your_energy_millijoules, factor: 0.001 }
  health: { metric: your_state, healthy: [0] }
  sentinels: [65535] # what it prints where it has no reading
  source: where you read these names
`,
  },
  {
    id: 'trainer-mfu',
    title: { zh: 'T5：训练程序自己报告的 MFU', en: 'T5: the MFU that a training job reports of itself' },
    why: {
      zh: '只有声明了这一行的资源池才用它。一个资源池只有一个系列，所以 T5 从不与 T1 至 T4 相加；它是作业的自述，没有旁证。每张卡一行，比值 0 到 1。',
      en: 'Used only by pools that declare it. A pool has one family, so T5 is never added to T1 to T4; it is what a job says of itself, without evidence. One line a card, a ratio from 0 to 1.',
    },
    yaml: `- id: trainer-mfu
  name: { zh: 训练程序自报, en: Reported by the trainer }
  prefixes: [train_]
  identity: [[node, local_rank]]
  unnamed: declared # a trainer does not name the model
  pod: [pod]
  namespace: [namespace]
  node: [node]
  activity:
    - { signal: reported, metric: train_mfu_ratio }
  source: your trainer's own exposition
`,
  },
  {
    id: 'mtgpu-exporter',
    title: { zh: '摩尔线程 mtgpu-exporter', en: 'Moore Threads mtgpu-exporter' },
    why: {
      zh: '名称和 index、name 标签见公开的 liuxy749-lgtm/gpu-metrics-normalizer（S5000）；uuid、容器组标签和利用率的单位（百分数）请对照现场文本。',
      en: 'Names and the labels index and name by the public liuxy749-lgtm/gpu-metrics-normalizer (S5000); compare uuid, pod labels and the unit of utilisation (per cent) with your own text.',
    },
    yaml: `- id: mtgpu-exporter
  name: { zh: 摩尔线程 mtgpu-exporter, en: Moore Threads mtgpu-exporter }
  prefixes: [mtgpu_]
  identity: [[instance, index], [index]]
  model: [name]
  activity:
    - { signal: busy, metric: mtgpu_gpu_utilization, factor: 0.01 }
  power: { metric: mtgpu_power_usage_milliwatts, factor: 0.001 }
  source: liuxy749-lgtm/gpu-metrics-normalizer configs/vendors/mthreads-s5000.yaml; compare with your own text
`,
  },
  {
    id: 'xpu-exporter',
    title: { zh: '昆仑芯 xpu-exporter', en: 'Kunlunxin xpu-exporter' },
    why: {
      zh: '指标名见同一仓库和厂商说明（功耗 W、利用率 %）；标签随版本不同，编号可能是 devid、card 或 device。没有型号标签时按声明采信。',
      en: "Metric names by the same repository and the vendor's notes (W, per cent); labels differ by version, the number may be devid, card or device. Without a label for the model the declaration is believed.",
    },
    yaml: `- id: xpu-exporter
  name: { zh: 昆仑芯 xpu-exporter, en: Kunlunxin xpu-exporter }
  prefixes: [node_xpu_]
  identity: [[instance, devid], [devid]]
  model: [name]
  unnamed: declared
  activity:
    - { signal: busy, metric: node_xpu_utilization, factor: 0.01 }
  power: { metric: node_xpu_powerUsage }
  source: liuxy749-lgtm/gpu-metrics-normalizer configs/vendors/kunlunxin-p800.yaml; compare with your own text
`,
  },
];
