import type { Text } from './text.ts';

/**
 * What can be wrong with a declaration: one row per finding code, in both languages, with the same {places} in both.
 * The codes slug, time, duration … are also the `error` of the schemas' own formats.
 */
export const messages = {
  // the files
  no_directory: {
    zh: '声明目录无法读取（{detail}）：请用 --plan 指明 plan 目录',
    en: 'the directory of the declaration cannot be read ({detail}): name it with --plan',
  },
  missing_file: { zh: '缺少这个文件', en: 'this file is missing' },
  unreadable: { zh: '文件无法读取：{detail}', en: 'the file cannot be read: {detail}' },
  not_utf8: { zh: '不是 UTF-8 编码：请另存为 UTF-8', en: 'not UTF-8: save the file as UTF-8' },
  byte_order_mark: {
    zh: '文件开头有字节顺序标记（BOM）：请另存为不带 BOM 的 UTF-8',
    en: 'the file begins with a byte-order mark: save it as UTF-8 without one',
  },
  empty: {
    zh: '文件没有内容；第一行应为 schema: greenflops/v1',
    en: 'the file holds nothing; its first line is schema: greenflops/v1',
  },
  yaml: { zh: 'YAML 语法错误：{detail}', en: 'YAML syntax: {detail}' },
  tab: { zh: '用制表符缩进：YAML 只允许空格', en: 'indented with a tab: YAML allows only spaces' },
  duplicate_key: { zh: '键 "{key}" 重复', en: 'key "{key}" stands here twice' },
  unknown_anchor: { zh: '前文没有锚点 &{anchor}', en: 'no anchor &{anchor} stands before this alias' },
  circular_alias: { zh: '别名 *{anchor} 指向包含它自己的锚点', en: 'alias *{anchor} lies inside its own anchor' },
  too_large: { zh: '别名展开后超过 {limit} 个节点', en: 'more than {limit} nodes once its aliases are expanded' },

  // the schemas
  schema: { zh: '文件第一行应为 schema: greenflops/v1', en: 'the first line must be schema: greenflops/v1' },
  missing: { zh: '缺少这一项；应为 {expected}', en: 'missing; expected {expected}' },
  wrong_type: { zh: '应为 {expected}', en: 'expected {expected}' },
  unknown_key: { zh: '未知的键；可用的键：{known}', en: 'unknown key; known: {known}' },
  not_one_of: { zh: '应为其中之一：{expected}', en: 'expected one of: {expected}' },
  out_of_range: { zh: '应 {limit}', en: 'must be {limit}' },
  wrong_count: { zh: '条目数应 {limit}', en: 'the number of entries must be {limit}' },
  wrong_length: { zh: '文字长度应 {limit}', en: 'the length of the text must be {limit}' },
  slug: {
    zh: '编号只能用小写字母、数字和连字符，首尾不用连字符，最长 63 个字符，如 nc-gate-1',
    en: 'an id is lower-case letters, digits and inner hyphens, at most 63, like nc-gate-1',
  },
  time: {
    zh: '时间要带日期、时刻和时区，如 2026-01-01T00:00:00+08:00',
    en: 'a time carries date, time of day and zone, like 2026-01-01T00:00:00+08:00',
  },
  date: { zh: '日期形如 2026-01-31', en: 'a date reads like 2026-01-31' },
  duration: {
    zh: '时长是整数加单位 ms、s、m 或 h，如 15s',
    en: 'a duration is a whole number and ms, s, m or h, like 15s',
  },
  address: { zh: '地址形如 主机:端口，如 10.1.2.3:502', en: 'an address reads host:port, like 10.1.2.3:502' },
  url: { zh: '地址应以 http://、https:// 或 file:// 开头', en: 'a URL begins with http://, https:// or file://' },
  http_url: { zh: '地址应以 http:// 或 https:// 开头', en: 'a URL begins with http:// or https://' },
  node_url: {
    zh: '地址以 http:// 或 https:// 开头，主机部分含占位符 node（用花括号括起），它代表 nodes.names 中的每一个',
    en: 'a URL begins with http:// or https:// and has node, in braces, in its host: it stands for each of nodes.names',
  },
  registry: {
    zh: '镜像仓库写作 主机/路径，不带 https:// 和末尾的 /，如 registry.example.cn/jiangxi',
    en: 'a registry reads host/path, without https:// and without a / at its end, like registry.example.cn/jiangxi',
  },
  cidr: { zh: '网段形如 10.8.0.0/24', en: 'a network reads like 10.8.0.0/24' },
  storage: { zh: '容量是整数加 Mi、Gi 或 Ti，如 10Gi', en: 'a size is a whole number and Mi, Gi or Ti, like 10Gi' },
  fingerprint: {
    zh: '证书指纹是 64 个十六进制字符，可用冒号分隔',
    en: 'a fingerprint is 64 hexadecimal digits, with or without colons',
  },
  oid: { zh: 'OID 形如 1.3.6.1.4.1.318.1.1.26.4.3.1.9.1', en: 'an OID reads like 1.3.6.1.4.1.318.1.1.26.4.3.1.9.1' },
  pointer: {
    zh: 'JSON 指针以 / 开头，如 /PowerWatts/Reading（RFC 6901）',
    en: 'a JSON pointer begins with /, like /PowerWatts/Reading (RFC 6901)',
  },
  resource: { zh: 'Redfish 资源以 /redfish/v1 开头', en: 'a Redfish resource begins with /redfish/v1' },
  identifier: {
    zh: '数据标识是 8 个十六进制字符 DI3..DI0，如 00010000',
    en: 'a data identifier is 8 hexadecimal digits, DI3 to DI0, like 00010000',
  },
  dlt645_address: {
    zh: '电表通信地址是铭牌上的 12 位数字',
    en: "a meter's address is the 12 digits on its plate",
  },
  sha256: { zh: 'sha256 是 64 个小写十六进制字符', en: 'a sha256 is 64 lower-case hexadecimal digits' },
  invalid: { zh: '不合规定：{detail}', en: 'not accepted: {detail}' },

  // the cross checks
  unknown_id: { zh: '没有这个编号；已有：{known}', en: 'unknown id; known: {known}' },
  duplicate: { zh: '与第 {line} 行重复', en: 'already used in line {line}' },
  colliding_id: {
    zh: '去掉连字符后与第 {line} 行的 "{other}" 相同：生成的资源会互相覆盖',
    en: 'equals "{other}" of line {line} once hyphens are removed: one of the two resources would vanish',
  },
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
  empty_range: { zh: '结束时间不晚于开始时间 {from}', en: 'the end is not after the start {from}' },
  unordered: { zh: '时间应逐条递增', en: 'the times must rise from entry to entry' },
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
  certificate_site: {
    zh: '证书应写 site 或 allocations，二者必有其一且只能有一个',
    en: 'a certificate has either a site or allocations, exactly one of the two',
  },
  over_allocated: {
    zh: '各园区共分得 {allocated} MWh，超过该证书的 {mwh} MWh：同一度绿电不能用两次',
    en: 'the sites get {allocated} MWh together, more than the {mwh} MWh of the certificate: no unit is used twice',
  },
  full_hour: {
    zh: '证书的起止时间应为整点',
    en: 'the period of a certificate begins and ends at a full hour',
  },
  factor_year: {
    zh: '电网 {grid} 的 {year} 年因子已在第 {line} 行',
    en: 'grid {grid} has its factor of {year} in line {line} already',
  },
  fuel_electricity: {
    zh: '电力的因子写在 grid_factors，按电网和年份',
    en: 'the factor of electricity stands in grid_factors, by grid and year',
  },
  data_class: {
    zh: '数据级别 {class} 不允许进入集群 {cluster}（允许：{allowed}）',
    en: 'data of class {class} may not go to cluster {cluster} (allowed there: {allowed})',
  },
  no_peak: {
    zh: '目录没有给出 {accelerator} 的 {precision} 稠密峰值，算不出 PFlops',
    en: 'the catalogue gives no dense {precision} peak of {accelerator}: the pool would count no PFlops',
  },
  allowance_mean: {
    zh: '各月允许值的平均 {mean} 不等于年度目标 {pue}',
    en: 'the mean of the months, {mean}, is not the annual target {pue}',
  },
  one_sided: { zh: '{other} 没有反过来写明 {self}', en: '{other} does not name {self} in turn' },
  bounds: {
    zh: 'comparator: between 要有大于 value 的 upper，其余写法不用 upper',
    en: 'comparator: between needs an upper above value, and no other comparator takes one',
  },
  baseline_late: { zh: '基线日期不早于到期日', en: 'the baseline is not before the due date' },
} as const satisfies Record<string, Text>;

export type Code = keyof typeof messages;

type Places<S extends string> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Places<Rest> : never;
type PlacesOf<C extends Code> = Places<(typeof messages)[C]['zh' | 'en']>;

/** What a message's {places} are filled with; a Text shows in the reader's language. */
export type Params<C extends Code> = Readonly<Record<PlacesOf<C>, string | number | Text>>;
/** Codes that say everything by themselves: a schema may name one as its `error`. */
export type PlainCode = { [C in Code]: [PlacesOf<C>] extends [never] ? C : never }[Code];

export const isPlainCode = (word: string): word is PlainCode =>
  Object.hasOwn(messages, word) && !messages[word as Code].en.includes('{');
