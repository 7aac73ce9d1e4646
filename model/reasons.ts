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
  imported: { zh: '导入了过去的电量', en: 'past energy was imported' },
  timestamps: { zh: '样本自带的时间不可信', en: "the samples' own timestamps cannot be trusted" },
  unknown_model: { zh: '未知的加速器型号', en: 'unknown accelerator model' },
  device_refused: { zh: '设备读数被拒', en: 'device reading refused' },
} as const satisfies Record<string, Text>;
export type EventKind = keyof typeof eventKinds;
