import type { Text } from '../text.ts';

/** Meters, their sources, registers and formulas. */
export const meters = {
  parent_cycle: { zh: '上级电表成环：{cycle}', en: 'the parents form a circle: {cycle}' },
  other_site: { zh: '属于园区 {other}，而这块电表在 {site}', en: 'belongs to site {other}, this meter to {site}' },
  own_backup: {
    zh: '后备不能是 {id} 自己，也不能由它算出：它失效时后备也失效',
    en: 'a backup cannot be {id} itself, nor be calculated from it: it would fail with it',
  },
  backup_of_backup: {
    zh: '后备表自己又有后备 {other}：请只写一级',
    en: 'this backup has a backup of its own, {other}: only one may stand in for another',
  },
  direction_inside: {
    zh: '只有边界电表（role: facility，没有 parent）可以是 export 或 generation',
    en: 'only a boundary meter (role: facility, no parent) can be export or generation',
  },
  no_register: {
    zh: '电表至少要有一个寄存器（energy 或 power）',
    en: 'a meter needs a register: energy, power or both',
  },
  calculated_register: { zh: '计算电表没有寄存器', en: 'a calculated meter has no registers' },
  snmp_secret: {
    zh: '口令与保护方式要成对给出：{detail}（v1、v2c 写 community 或 community_file 之一；privacy 需要 auth）',
    en: 'a protection and its password go together: {detail} (v1 and v2c: one of community and community_file; privacy needs auth)',
  },
  session_password: {
    zh: 'session: true 需要 auth 中的 username 与 password_file',
    en: 'session: true needs username and password_file in auth',
  },
  tls_without_https: { zh: 'tls 只对 https:// 有意义', en: 'tls has a meaning with https:// alone' },
  certificate_key: {
    zh: 'cert_file 与 key_file 要成对给出',
    en: 'cert_file and key_file go together',
  },
  allocation_family: {
    zh: 'family: kubernetes 与 protocol: kubernetes 要一起写，其他 family 用 exposition 或 prometheus',
    en: 'family kubernetes goes with protocol kubernetes; the others with exposition or prometheus',
  },
  dlt645_block: {
    zh: '含 FF 的数据标识是整块数据，不是一个数',
    en: 'an identifier with FF stands for a block of items, not for one number',
  },
  dlt645_unknown: {
    zh: '不在常用数据标识之列：请写明 bytes 与 decimals',
    en: 'not among the common identifiers: give its bytes and decimals',
  },
  folder_differs: {
    zh: '与电表 {other} 同一文件夹：columns、unit、time_zone、encoding 必须相同',
    en: 'its folder is that of meter {other}: columns, unit, time_zone and encoding have to be the same',
  },
  pool_url: {
    zh: 'exposition 来源必须且只能写 url 与 url_per_node 之一',
    en: 'an exposition source has exactly one of url and url_per_node',
  },
  nodes_unnamed: {
    zh: 'url_per_node 需要逐个列出节点：在 nodes 下写 names',
    en: 'url_per_node needs the nodes one by one: give nodes as names',
  },
  wrong_register: {
    zh: '{protocol} 来源的寄存器应写 {expected}',
    en: 'a register of a {protocol} source is given by {expected}',
  },
  energy_scale: {
    zh: 'scale_to_wh 与 scale_to_j 必须且只能写一个',
    en: 'exactly one of scale_to_wh and scale_to_j must be given',
  },
  sign: {
    zh: '一块表的各寄存器只能相加：反向电能请另立一块表，写 direction: export',
    en: 'the registers of a meter add up: declare what flows the other way as a second meter with `direction: export`',
  },
  restart_alone: {
    zh: 'restart 是电能寄存器复位的证据：没有 energy 就没有意义',
    en: '`restart` is evidence that the energy register was reset: without `energy` it means nothing',
  },
  past_last_register: {
    zh: '从 {address} 起的 {words} 个寄存器超出地址 65535',
    en: '{words} registers from {address} reach beyond address 65535',
  },
  modulus_too_wide: { zh: '{type} 装不下这个模数', en: 'a {type} cannot hold this modulus' },
  ambiguous_rollover: {
    zh: '按 1.2 倍额定功率 {rated_kw} kW，{seconds} 秒就可能走过模数的一半，翻转次数无法判断：请缩短 every 或改读更宽的寄存器',
    en: 'at 1.2 times {rated_kw} kW it can pass half its modulus within {seconds} s, and rollovers could not be counted: shorten `every` or read a wider register',
  },
  formula: { zh: '公式中的 "{token}" 不是电表编号', en: 'formula: "{token}" is no id of a meter' },
  rated: {
    zh: '要写额定功率 rated_kw；只有水表（role: water）改写 rated_l_per_h 和 registers.volume',
    en: 'every meter has rated_kw; a water meter (role: water), and no other, has rated_l_per_h and registers.volume in its place',
  },
  formula_syntax: {
    zh: '公式在 "{at}" 处读不懂：写成如 gate - ups-in - 2.5 kW，减号两侧留空格',
    en: 'formula: not understood at "{at}": write it like gate - ups-in - 2.5 kW, with spaces around a minus',
  },
  formula_not_linear: {
    zh: '公式在 "{at}" 处不是电表之和：电表只能乘除常数，如 0.97 * ups-in',
    en: 'formula: at "{at}" it is no sum of meters: a meter may only be multiplied or divided by a number, like 0.97 * ups-in',
  },
  double_count: {
    zh: '{meter} 的电量在同一侧算了两次：这里（{here}）一次，{other}（{there}）里一次。请给其中一块表写 parent，或从公式里去掉它',
    en: 'the energy of {meter} counts twice on one side: here as {here}, and in {other} as {there}. Give one of the two a parent, or take it out of the formula',
  },
  double_backup: {
    zh: '后备顶替 {id} 时，{meter} 的电量在同一侧算了两次：后备里一次，{other} 里一次。请换一个不含它的后备，或在后备的公式里减去它',
    en: 'while this backup stands in for {id}, the energy of {meter} counts twice on one side: in the backup and in {other}. Name a backup without it, or take it off in the formula of the backup',
  },
  formula_cycle: { zh: '公式互相引用成环：{cycle}', en: 'the formulas form a circle: {cycle}' },
} as const satisfies Record<string, Text>;
