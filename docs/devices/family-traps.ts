import type { Text } from '../../model/text.ts';

/** What whoever connects an exporter should know of it, by the id of its row in telemetry.yaml. */
export const familyTraps: Readonly<Record<string, readonly Text[]>> = {
  dcgm: [
    {
      zh: '没有剖析字段（`DCGM_FI_PROF_*`）的系统只剩 `DCGM_FI_DEV_GPU_UTIL`：降为 T4，即上限而非交付算力。',
      en: 'Where the profiling fields (`DCGM_FI_PROF_*`) are missing, `DCGM_FI_DEV_GPU_UTIL` is left: T4, an upper bound and not delivered work.',
    },
    {
      zh: 'MIG 的每个实例都重复整卡的功率和电量：按 UUID 只计一次；活动率按切片份额加权。规格不在表中的切片不计活动率。',
      en: "MIG repeats the board's power and energy for each instance: they count once by UUID, and activity is weighted by the slices' shares. A slice whose profile is not in the row counts no activity.",
    },
    {
      zh: '分时共享的卡按每个容器组列一次：是同一张卡，由各容器组平分。',
      en: 'A time-sliced card is listed once per pod: it is one card, held in equal parts.',
    },
    {
      zh: '旧版会把“没有读数”打印成很大的数（如 9223372036854775794）：按哨兵值拒绝。',
      en: "Older versions print 'no reading' as a large number (9223372036854775794): refused as a sentinel.",
    },
  ],
  'npu-exporter': [
    {
      zh: '每个样本自带毫秒时间戳。过旧的读数不采信；把秒当毫秒（1970 年）的改用接收时间，并计数。经 Prometheus 抓取时，Prometheus 自己会丢掉 1970 年的样本：在抓取任务上写 honor_timestamps: false。',
      en: 'Each sample carries a time in milliseconds. Old readings are refused; seconds in the place of milliseconds (January 1970) give way to the time of receipt, and are counted. A Prometheus in between drops samples of 1970 by itself: set honor_timestamps: false on its scrape job.',
    },
    {
      zh: '有些驱动的 vdie_id 为空。经 Prometheus 读取时，PCIe 地址和编号在每个节点上重复，需要 Prometheus 自己的 instance 标签。',
      en: 'vdie_id is empty on some drivers. Behind a Prometheus the PCIe address and the id repeat on each node, and its own label `instance` must be there to tell them apart.',
    },
    {
      zh: '910A 没有 Cube 利用率，只有 AI Core 利用率（T3）；910C 的编号是裸片，两个裸片为一个封装；310P 的功率是板卡功率。',
      en: 'A 910A has no cube utilisation, only that of the AI cores (T3). The ids of a 910C are dies, two to a package. The power of a 310P is that of its board.',
    },
    {
      zh: 'A3 的 `Ascend910--V1`、`Ascend910-Ascend-V1` 可能是三种峰值不同的型号，故意不识别：把现场名称写进 reported_as。',
      en: '`Ascend910--V1` and `Ascend910-Ascend-V1` of an A3 fit three bins with different peaks and are unknown on purpose: add the name to the right row of accelerators.yaml.',
    },
  ],
  'nvidia-smi': [
    {
      zh: '型号只在 `nvidia_smi_gpu_info` 一行里，按 uuid 对应；利用率是比值，频率是赫兹。',
      en: 'The model stands in `nvidia_smi_gpu_info` alone and is joined by uuid; utilisation is a ratio, clocks are in Hz.',
    },
    {
      zh: '不知道容器组：要把卡分给租户，另需集群的分配信息。只有 T4。',
      en: 'It knows no pods: who holds a card must come from the cluster. T4 only.',
    },
  ],
  'mlu-exporter': [
    {
      zh: '指标名、标签、前缀都可配置；改了前缀（ENV_METRICS_PREFIX）就另写一行。',
      en: 'Names, labels and the prefix can be configured; with another prefix (ENV_METRICS_PREFIX) write a row of your own.',
    },
    {
      zh: '带 vf 的行属于虚拟功能，不是整卡；容器组只在 `mlu_container` 里。',
      en: 'Lines with a `vf` are those of virtual functions, not of cards; pods stand in `mlu_container` alone.',
    },
  ],
  'dcu-exporter': [
    {
      zh: '不认识的芯片 name 为空：不计算力，并告警。node 取自 /etc/hostname，可能与集群里的节点名不同。',
      en: 'For a chip that it does not know `name` is empty: it counts no PFlops and raises an alert. `node` is /etc/hostname, which may differ from the name in the cluster.',
    },
    {
      zh: '读取失败时它继续给出旧值，没有时间戳：从文本里看不出来。',
      en: 'When reading fails it goes on showing old values without a time: nothing in the text betrays it.',
    },
  ],
  'hygon-dcu-sysfs': [
    {
      zh: '没有一行写明型号：按资源池的声明采信，没有旁证。',
      en: "No line names the model: the pool's declaration is believed without evidence.",
    },
    {
      zh: '读不到的文件打印成 0：0 W 按哨兵值拒绝；利用率的 0 分辨不出来。',
      en: 'A file that cannot be read is printed as 0: 0 W is refused as a sentinel; an activity of 0 cannot be told apart.',
    },
  ],
  'mx-exporter': [
    {
      zh: '功率单位是毫瓦。经 Prometheus 读取时，pod 是导出器自己，业务容器组在 exported_pod。',
      en: 'Power is in milliwatts. Behind a Prometheus `pod` is the exporter itself and the workload is `exported_pod`.',
    },
    {
      zh: '有的版本不带 mx_ 前缀（`gpu_usage`、`bway_power{wayId="0"}`）：另写一行。',
      en: 'Some versions have no `mx_` (`gpu_usage`, `bway_power{wayId="0"}`): write a row of your own.',
    },
  ],
  'huatuo-metax': [
    {
      zh: '文档里的名称没有 `huatuo_bamai_` 前缀，实际输出有。型号和 uuid 只在 info 一行里。',
      en: 'The names in its documents lack `huatuo_bamai_`, the output has it. Model and uuid stand in the info line alone.',
    },
    {
      zh: '利用率按裸片给出：一张卡的两个裸片不一致时都不采信（duplicate），不取平均。',
      en: 'Activity is that of a die: where the two dies of a card differ neither is believed (`duplicate`), and no mean is taken.',
    },
  ],
  'huatuo-mthreads': [
    {
      zh: '名称里 gpu 出现两次（`…mthreads_gpu_gpu_utilization_percent`）。没有容器组、没有健康状态。',
      en: '`gpu` stands twice in some names (`…mthreads_gpu_gpu_utilization_percent`). Neither pods nor health.',
    },
  ],
  'ix-exporter': [
    {
      zh: '不支持 SM 利用率的产品退到 `ix_gpu_utilization`（T4）。指标可在 metrics.yaml 里关掉。',
      en: 'Products without SM utilisation fall back to `ix_gpu_utilization` (T4). Metrics can be switched off in its metrics.yaml.',
    },
    {
      zh: 'BI-V150 一块板有两颗芯片，编号是芯片；功率是芯片的还是板卡的，公开资料没有说。',
      en: 'A board of BI-V150 has two chips, and the ids are chips; whether power is that of the chip or of the board no public source says.',
    },
  ],
  'amd-device-metrics': [
    {
      zh: '分区（DPX、QPX、CPX）的卡只有 0 号分区报功率和电量，其余分区功率为 0、没有电量：每张卡只计一次。',
      en: 'Of a partitioned card (DPX, QPX, CPX) partition 0 says power and energy; the others say 0 W and no energy. Both count once a card.',
    },
    {
      zh: '剖析指标默认关闭；分区的卡没有可信的 gfx 活动率，不打开剖析就没有活动率。',
      en: 'Profiler metrics are off by default; gfx activity is not given by partition, so that a partitioned card without them has no activity.',
    },
    {
      zh: '在导出器里打开 card_series 标签，否则型号只有部件号。配置了 MetricsFieldPrefix（如 amd_）就另写一行。',
      en: 'Switch on the label card_series, or only a part number names the model. With MetricsFieldPrefix (amd_, say) write a row of your own.',
    },
    {
      zh: 'MI250X 的两个裸片是否共用一个 serial_number，公开资料没有说；若共用，互相矛盾的读数会被拒绝（duplicate）。',
      en: 'Whether the two dies of an MI250X share a serial_number no public source says; if they do, readings that contradict each other are refused (`duplicate`).',
    },
  ],
  'gcu-exporter': [
    {
      zh: '`enflame_gcu_power_usage` 是占上限的百分比，不是瓦；-1 表示不支持。',
      en: '`enflame_gcu_power_usage` is per cent of the limit, not watts; -1 means not supported.',
    },
    {
      zh: '节点上一有虚拟 GCU，整卡的行全部消失：这些卡就看不见了。',
      en: 'As soon as a node has virtual GCUs all lines of whole cards vanish: such cards are not seen.',
    },
  ],
};
