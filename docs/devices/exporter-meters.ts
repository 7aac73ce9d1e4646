import type { Text } from '../../model/text.ts';

/** How a number in another exporter's text is declared as a meter: shown on the page, and read by a test from a text. */
export interface ExporterMeter {
  /** Also the name of the text that the test reads */
  readonly id: string;
  readonly title: Text;
  readonly notes: readonly Text[];
  /** Entries of `meters:` */
  readonly yaml: string;
  /** Where names, labels and units were read */
  readonly source: string;
}

export const exporterMeters: readonly ExporterMeter[] = [
  {
    id: 'ceems',
    title: { zh: 'CEEMS：BMC 的功率（Redfish、IPMI DCMI）', en: 'CEEMS: power of the BMC (Redfish, IPMI DCMI)' },
    notes: [
      {
        zh: '只有功率：电量由功率积分得出，缺口不补。',
        en: 'Power alone: energy is integrated from it, and nothing is credited across a gap.',
      },
      {
        zh: '新版本改名为 `ceems_redfish_power_current_watts`、`ceems_ipmi_dcmi_power_current_watts`。多个机箱各是一块表（chassis 标签）。',
        en: 'Later versions say `ceems_redfish_power_current_watts` and `ceems_ipmi_dcmi_power_current_watts`. Each chassis is a meter of its own (label chassis).',
      },
    ],
    yaml: `- id: node-1
  site: nanchang
  role: it
  category: 3 # equipment input
  rated_kw: 10
  source: { protocol: exposition, url: "http://node-1:9010/metrics" }
  registers:
    power: { metric: ceems_redfish_current_watts, labels: { chassis: Chassis_1 }, scale_to_w: 1 }
- id: node-2
  site: nanchang
  role: it
  category: 3
  rated_kw: 10
  source: { protocol: exposition, url: "http://node-2:9010/metrics" }
  registers:
    power: { metric: ceems_ipmi_dcmi_current_watts, scale_to_w: 1 }
`,
    source: 'ceems-dev/ceems pkg/collector/testdata/output/exporter, CHANGELOG.md (new names)',
  },
  {
    id: 'ipmi',
    title: { zh: 'ipmi_exporter：BMC 的功率', en: 'ipmi_exporter: power of the BMC' },
    notes: [
      {
        zh: '文档里的名称是 `ipmi_dcmi_power_consumption_current_watts`，不少现场的输出是 `ipmi_dcmi_power_consumption_watts`：先用 `greenflops probe` 看。不要用传感器 `ipmi_power_watts`：它可能不是实时功率，也可能是 NaN。',
        en: 'Its documents say `ipmi_dcmi_power_consumption_current_watts`, many outputs say `ipmi_dcmi_power_consumption_watts`: look with `greenflops probe` first. Do not take the sensors `ipmi_power_watts`: they may not be live power, and may be NaN.',
      },
    ],
    yaml: `- id: node-3
  site: nanchang
  role: it
  category: 3
  rated_kw: 10
  source: { protocol: exposition, url: "http://ipmi-exporter:9290/ipmi?target=node-3-bmc" }
  registers:
    power: { metric: ipmi_dcmi_power_consumption_current_watts, scale_to_w: 1 }
`,
    source: 'prometheus-community/ipmi_exporter docs/metrics.md',
  },
  {
    id: 'cmg',
    title: { zh: 'cmg_exporter：PDU 的电量', en: 'cmg_exporter: energy of a PDU' },
    notes: [
      {
        zh: '电量是 kWh，功率是 W，文本里没有写明。有左右两路的 PDU 还有 `pdu_left_energy`、`pdu_right_energy`：总数已含两路，不要再加。',
        en: 'Energy is in kWh and power in W, and nothing in the text says so. PDUs with two feeds also have `pdu_left_energy` and `pdu_right_energy`: the total holds both, do not add them.',
      },
    ],
    yaml: `- id: pdu-s12
  site: nanchang
  role: it
  category: 2 # PDU output
  rated_kw: 11
  source: { protocol: exposition, url: "http://pdu-exporter:1812/metrics?target=10.42.42.42" }
  registers:
    energy: { metric: pdu_total_energy, labels: { rack: s12 }, scale_to_wh: 1000, modulus: none }
    power: { metric: pdu_total_power, labels: { rack: s12 }, scale_to_w: 1 }
`,
    source: 'j0hax/cmg_exporter README.md',
  },
  {
    id: 'snmp',
    title: { zh: 'snmp_exporter：APC 机架 PDU', en: 'snmp_exporter: an APC rack PDU' },
    notes: [
      {
        zh: '单位是 MIB 的单位：电量 0.1 kWh，功率 0.01 kW。不支持的值是 -1。用户可以清零：配 `restart`，或直接用 `protocol: snmp` 读。',
        en: 'Units are those of the MIB: tenths of a kWh, hundredths of a kW. What is not supported is -1. A user can reset the register: reading it by `protocol: snmp` gives the time of the reset too.',
      },
    ],
    yaml: `- id: pdu-s13
  site: nanchang
  role: it
  category: 2
  rated_kw: 11
  source: { protocol: exposition, url: "http://snmp-exporter:9116/snmp?module=apcups&target=10.42.42.43" }
  registers:
    energy: { metric: rPDU2DeviceStatusEnergy, labels: { rPDU2DeviceStatusIndex: "1" }, scale_to_wh: 100, modulus: none, sentinels: [-1] }
    power: { metric: rPDU2DeviceStatusPower, labels: { rPDU2DeviceStatusIndex: "1" }, scale_to_w: 10, sentinels: [-1] }
`,
    source: 'PowerNet-MIB rPDU2DeviceStatusTable; the labels are the index of the table, as snmp_exporter writes them',
  },
  {
    id: 'kepler',
    title: { zh: 'Kepler：CPU 的电量（RAPL）', en: 'Kepler: energy of the processors (RAPL)' },
    notes: [
      {
        zh: '各个 zone 互相包含（psys 含 package，package 含 core）：永远不要求和。有 psys 就只读它；没有就把 package 和 dram 声明成两个相加的寄存器。',
        en: 'The zones lie in each other (psys holds package, package holds core): never add them all. Where there is psys read it alone; otherwise declare package and dram as registers that add up.',
      },
      {
        zh: '不写 zone 时读表失败并列出几个样本，不会取其中之一。RAPL 只是 CPU 和内存，不是整机：它是节点表的下级，不作 PUE 的 IT 表。',
        en: 'Without a zone the read fails and names the samples; none of them is taken. RAPL is processors and memory, not the node: such a meter hangs below that of the node.',
      },
    ],
    yaml: `- id: node-1-cpu
  site: nanchang
  role: it
  category: 3
  parent: node-1 # the node's own meter
  rated_kw: 2
  source: { protocol: exposition, url: "http://node-1:28282/metrics" }
  registers:
    energy:
      - { metric: kepler_node_cpu_joules_total, labels: { zone: package }, scale_to_j: 1, modulus: none }
      - { metric: kepler_node_cpu_joules_total, labels: { zone: dram }, scale_to_j: 1, modulus: none }
`,
    source: 'sustainable-computing-io/kepler docs/user/metrics.md',
  },
  {
    id: 'scaphandre',
    title: { zh: 'Scaphandre：主机的电量', en: 'Scaphandre: energy of the host' },
    notes: [
      {
        zh: '微焦和微瓦。是 RAPL 的读数，不含电源、风扇和加速器。',
        en: 'Microjoules and microwatts. By RAPL: without power supplies, fans and accelerators.',
      },
    ],
    yaml: `- id: node-2-cpu
  site: nanchang
  role: it
  category: 3
  parent: node-2
  rated_kw: 2
  source: { protocol: exposition, url: "http://node-2:8080/metrics" }
  registers:
    energy: { metric: scaph_host_energy_microjoules, scale_to_j: 0.000001, modulus: none }
    power: { metric: scaph_host_power_microwatts, scale_to_w: 0.000001 }
`,
    source: 'hubblo-org/scaphandre docs_src/references/metrics.md',
  },
  {
    id: 'accelerators',
    title: { zh: '加速器自己的电量计数器（DCGM、AMD）', en: 'Counters of the accelerators themselves (DCGM, AMD)' },
    notes: [
      {
        zh: 'DCGM 是毫焦，AMD 是微焦；驱动重载后从零开始，按复位处理。MIG 重复整卡的计数：写明一个 GPU_I_ID；AMD 分区写明 0 号分区。它们是节点表的下级。',
        en: "DCGM counts millijoules, AMD microjoules; both begin at 0 when the driver is loaded, which is a reset. MIG repeats the board's counter: name one GPU_I_ID; of AMD's partitions name number 0. Such meters hang below that of the node.",
      },
    ],
    yaml: `- id: gpu-9
  site: nanchang
  role: it
  category: 3
  parent: node-1
  rated_kw: 0.7
  source: { protocol: exposition, url: "http://node-1:9400/metrics" }
  registers:
    energy: { metric: DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION, labels: { UUID: GPU-9, GPU_I_ID: "1" }, scale_to_j: 0.001, modulus: none }
    power: { metric: DCGM_FI_DEV_POWER_USAGE, labels: { UUID: GPU-9, GPU_I_ID: "1" }, scale_to_w: 1 }
- id: mi300x-3
  site: nanchang
  role: it
  category: 3
  parent: node-2
  rated_kw: 0.75
  source: { protocol: exposition, url: "http://node-2:5000/metrics" }
  registers:
    energy: { metric: gpu_energy_consumed, labels: { serial_number: 692-3, gpu_partition_id: "0" }, scale_to_j: 0.000001, modulus: none }
`,
    source:
      'NVIDIA/dcgm-exporter etc/default-counters.csv; ROCm/device-metrics-exporter docs/configuration/metricslist.md',
  },
];
