import type { Text } from './text.ts';

/** Why a sample was not believed: the label values of greenflops_source_rejected_samples_total. A closed list. */
export const rejections = {
  not_a_number: { zh: '设备有应答，但不是数字', en: 'the device answered, but with no number' },
  sentinel: { zh: '表示“无读数”的占位值', en: 'a placeholder that means "no reading"' },
  below_range: { zh: '低于可能的范围', en: 'below the possible range' },
  above_range: { zh: '高于额定功率或量程允许的范围', en: 'above what rated power or range allows' },
  counter_fell: { zh: '寄存器倒退，又不是翻转', en: 'the register stepped back and it is no rollover' },
  counter_jumped: {
    zh: '寄存器跳升，超过额定功率所能产生的电量',
    en: 'the register rose by more than rated power can deliver',
  },
  ambiguous_rollover: {
    zh: '间隔太长，无法判断翻转了几次',
    en: 'the gap is so long that the number of rollovers is unknown',
  },
  sudden_zero: {
    zh: '功率突然为零，而该表未声明可以空载',
    en: 'power fell to exactly 0 on a meter that is not declared to idle',
  },
  stuck: { zh: '寄存器不再变化', en: 'the register no longer changes' },
  stale_timestamp: { zh: '样本自带的时间太旧', en: "the sample's own timestamp is too old" },
  future_timestamp: { zh: '样本自带的时间在未来', en: "the sample's own timestamp is in the future" },
  impossible_timestamp: {
    zh: '样本自带的时间早于任何设备，改用接收时间',
    en: "the sample's own timestamp is older than any device; the time of receipt was taken",
  },
  ignored_timestamp: { zh: '按声明忽略样本自带的时间', en: "the sample's own timestamp was ignored, as declared" },
  duplicate: { zh: '同一设备同一指标给出不同的值', en: 'one device gave two different values of one metric' },
  unknown_model: { zh: '加速器型号不在目录中', en: 'the accelerator model is not in the catalogue' },
  wrong_model: { zh: '加速器型号与资源池声明不符', en: 'the accelerator model is not the one that the pool declares' },
  no_identity: { zh: '样本没有设备标识', en: 'the sample does not say which device it belongs to' },
  unknown_slice: { zh: '切片规格不在目录中', en: 'the slice profile is not in the catalogue' },
  unknown_queue: {
    zh: '队列的名字不是声明中的租户',
    en: 'the queue is named like no tenant of the declaration',
  },
  unknown_resource: {
    zh: '队列中有声明的资源池都不提供的资源，或同一名字的卡算力不同：无法换算成 PFlops',
    en: 'a queue counts a resource that no declared pool offers, or pools whose chips are not worth the same: it comes to no PFlops',
  },
  unlimited_queue: {
    zh: 'Kueue 中该队列没有借用上限',
    en: 'the queue has no limit in Kueue to what it may borrow',
  },
  queue_resources_off: {
    zh: 'Kueue 没有给出队列的配额与用量：请在其 Configuration 设 metrics.enableClusterQueueResources: true',
    en: 'Kueue does not expose what queues have and use: set metrics.enableClusterQueueResources: true in its Configuration',
  },
} as const satisfies Record<string, Text>;
export type Rejection = keyof typeof rejections;

/** Why a window has no PUE: the label values of greenflops_pue_unavailable. A closed list. */
export const pueReasons = {
  young: { zh: '账本还没有覆盖整个窗口', en: 'the ledger does not yet reach back over the whole window' },
  coverage: { zh: '有效小时不足 95 %', en: 'fewer than 95 % of the hours are metered' },
  no_boundary_meter: { zh: '没有声明边界电表', en: 'no boundary meter is declared' },
  no_it_meter: { zh: '没有声明 IT 电表', en: 'no IT meter is declared' },
  no_it_energy: { zh: '窗口内 IT 用电为零', en: 'no IT energy was used in the window' },
  below_one: { zh: 'PUE 小于 1，已隔离：请查电表', en: 'PUE is below 1 and was quarantined: check the meters' },
} as const satisfies Record<string, Text>;
export type PueReason = keyof typeof pueReasons;

/** Why a window has no emissions: the label values of greenflops_carbon_unavailable. A closed list. */
export const carbonReasons = {
  ...pueReasons,
  flows_unknown: {
    zh: '窗口内有些小时早于账本记录各边界表的能源种类',
    en: 'the ledger has hours of the window in which it did not yet record what each boundary meter counts',
  },
  no_grid_factor: {
    zh: '窗口开始的年份没有电网因子：请补 factors.yaml 的 grid_factors',
    en: 'no factor of the grid is in force when the window begins: add it to grid_factors in factors.yaml',
  },
  no_fuel_factor: {
    zh: '边界上有一种能源没有排放因子：请补 factors.yaml 的 fuel_factors',
    en: 'a carrier at the boundary has no emission factor: add it to fuel_factors in factors.yaml',
  },
} as const satisfies Record<string, Text>;
export type CarbonReason = keyof typeof carbonReasons;

/** What becomes of a certificate's energy that is not used: label values of greenflops_certificate_left_joules. A closed list. */
export const certificateStates = {
  usable: { zh: '证书期未结束，仍可使用', en: 'the period is not over: it can still be used' },
  surplus: {
    zh: '园区在证书期内没有消费这部分电量，不予抵扣',
    en: 'surplus: the site did not consume it within the period, and it is not applied',
  },
} as const satisfies Record<string, Text>;
export type CertificateState = keyof typeof certificateStates;

/** Why a window has no burn of the overhead budget: the label values of greenflops_pue_burn_unavailable. A closed list. */
export const burnReasons = {
  ...pueReasons,
  part_load: {
    zh: 'IT 负载低于额定的 30 %，固定损耗抬高 PUE，不说明故障',
    en: 'the IT load is below 30 % of its rating, where fixed losses raise PUE without a fault',
  },
  no_budget: { zh: '允许的 PUE 为 1，没有非 IT 用电预算', en: 'the allowed PUE is 1, which leaves no overhead budget' },
} as const satisfies Record<string, Text>;
export type BurnReason = keyof typeof burnReasons;

/** What the ledger keeps beside its totals. A closed list. */
export const eventKinds = {
  held: { zh: '读数可疑，暂不入账', en: 'reading held, nothing credited' },
  transient: { zh: '可疑读数是瞬态，已恢复', en: 'the held readings were a transient, the register went on' },
  rollover: { zh: '寄存器翻转', en: 'the register rolled over' },
  ambiguous_rollover: { zh: '翻转次数不明，不入账', en: 'ambiguous rollover, nothing credited' },
  reset: { zh: '寄存器复位，已重新定基', en: 'the register was reset and rebased' },
  rebased: {
    zh: '寄存器换了水平，没有复位证据，不入账',
    en: 'the register moved to another level without evidence of a reset; nothing credited',
  },
  restart: { zh: '设备重新启动，寄存器接着走', en: 'the device restarted and its register went on' },
  scale_suspect: {
    zh: '寄存器与功率积分相差 10 的整数次幂：倍率可疑',
    en: 'register and integrated power differ by a power of ten: the scale is suspect',
  },
  cross_check: {
    zh: '寄存器与功率积分不符：请查字序与互感器变比',
    en: 'register and integrated power disagree: check word order and current-transformer ratio',
  },
  bridged: { zh: '跨越缺口入账', en: 'energy credited across a gap' },
  gap: { zh: '缺口，不入账', en: 'gap, nothing credited' },
  stuck: { zh: '寄存器卡住', en: 'the register is stuck' },
  unstuck: { zh: '寄存器恢复变化', en: 'the register moves again' },
  power_refused: { zh: '功率读数被拒', en: 'power reading refused' },
  no_number: { zh: '应答不是数字', en: 'the answer was no number' },
  silent: { zh: '数据源无应答', en: 'the source gives no answer' },
  back: { zh: '数据源恢复', en: 'the source is back' },
  clock_jump: { zh: '系统时钟跳变', en: 'the wall clock jumped' },
  declaration: { zh: '声明有变', en: 'the declaration changed' },
  file_refused: { zh: '投放的文件有误，未入账', en: 'a dropped file was refused, nothing of it was booked' },
  file_known: {
    zh: '投放的文件内容先前已入账，跳过',
    en: 'a dropped file has bytes that are booked already, skipped',
  },
  imported: { zh: '导入了过去的电量', en: 'past energy was imported' },
  hand_reading: { zh: '人工抄表，缺口已补上', en: 'a hand reading closed a gap' },
  replaced: { zh: '换表', en: 'the meter was replaced' },
  reissued: { zh: '窗口按新的电量重新给出', en: 'windows were issued again with the energy known now' },
  restated: { zh: '按声明重述了过去', en: 'the past was restated as declared' },
  past_differs: {
    zh: '声明所说的过去与账本不同：未作改动（greenflops run --restate）',
    en: 'the declaration says otherwise of the past than the ledger: nothing was changed (greenflops run --restate)',
  },
  substituted: { zh: '备用表替代', en: 'a backup meter stands in' },
  adjusted: { zh: '调整分录：更正了已入账的电量', en: 'adjusting entry: energy on record was corrected' },
  closed: { zh: '月份已结账', en: 'a month was closed' },
  timestamps: { zh: '样本自带的时间不可信', en: "the samples' own timestamps cannot be trusted" },
  unknown_model: { zh: '未知的加速器型号', en: 'unknown accelerator model' },
  device_refused: { zh: '设备读数被拒', en: 'device reading refused' },
  closure_suspect: { zh: '电量不能闭合，原因可疑', en: 'energies do not close, a cause is suspected' },
  closure_clear: { zh: '闭合疑点已消除', en: 'the suspected cause is gone' },
} as const satisfies Record<string, Text>;
export type EventKind = keyof typeof eventKinds;

/** Known causes of energies that do not close: the label values of greenflops_closure_suspect. A closed list. */
export const closureSuspects = {
  milliwatts_as_watts: {
    zh: '功率约为可能值的 1000 倍：毫瓦被当作瓦',
    en: 'power is about 1000 times what is possible: milliwatts are read as watts',
  },
  watts_as_milliwatts: {
    zh: '忙碌时功率约为可能值的千分之一：瓦被当作毫瓦',
    en: 'power under load is about a thousandth of what is possible: watts are read as milliwatts',
  },
  slices_as_cards: {
    zh: '标识多于声明的加速器，且多个标识同属一张卡：切片被当作整卡',
    en: 'more devices than declared, several of them on one card: slices are counted as cards',
  },
  dies_as_packages: {
    zh: '每个标识的功率与每封装裸片数不符：裸片被当作封装',
    en: 'the power of each device does not fit the dies of its package: dies are counted as packages',
  },
  meter_children_exceed: {
    zh: '下级电表之和大于本表，超出准确度：请查 parent、互感器变比与倍率',
    en: 'the meters below it sum to more than it reads, by more than their accuracy: check parent, CT ratio and scale',
  },
  boundary_missing: {
    zh: 'IT 电量大于边界电量：缺少边界电表，或其变比、倍率有误',
    en: 'IT energy is above boundary energy: a boundary meter is missing, or its CT ratio or scale is wrong',
  },
} as const satisfies Record<string, Text>;
export type ClosureSuspect = keyof typeof closureSuspects;
