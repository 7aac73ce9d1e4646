import type { Text } from '../text.ts';

/** Entries of any file that do not go together: ids, times, certificates, factors, the promise. */
export const entries = {
  unknown_id: { zh: '没有这个编号；已有：{known}', en: 'unknown id; known: {known}' },
  duplicate: { zh: '与第 {line} 行重复', en: 'already used in line {line}' },
  colliding_id: {
    zh: '去掉连字符后与第 {line} 行的 "{other}" 相同：生成的资源会互相覆盖',
    en: 'equals "{other}" of line {line} once hyphens are removed: one of the two resources would vanish',
  },
  empty_range: { zh: '结束时间不晚于开始时间 {from}', en: 'the end is not after the start {from}' },
  unordered: { zh: '时间应逐条递增', en: 'the times must rise from entry to entry' },
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
