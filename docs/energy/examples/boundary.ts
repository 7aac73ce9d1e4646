import {
  gb40879Grade,
  gb40879Ratio,
  puePartialRatio,
  pueRatio,
  pueEnergyJoules,
  pueSubstitutedSeconds,
  pueUncertaintyRatio,
  reuseRatio,
  wueLitresPerKwh,
} from '../../../model/metrics/pue.ts';
import { energyJoules, siteEnergyJoules } from '../../../model/metrics/energy.ts';
import type { Example } from '../example.ts';
import { calculated, constant, estate, register } from './meters.ts';

const day = { site: 's', window: '24h' } as const;
const kwh = (value: number): number => value * 3.6e6;
const oneDay = { begin: '2026-11-24T00:00:00+08:00', hours: 24, every: 5 } as const;

export const sums: Example = {
  ...oneDay,
  id: 'ratio-of-sums',
  title: { zh: 'PUE 是电量之和相除，不是比率的平均', en: 'PUE is a ratio of sums, no mean of ratios' },
  story: {
    zh: '白天 12 小时 IT 满载：设施 120、IT 100；夜里 12 小时 IT 轻载：设施 30、IT 10。各小时 PUE 的平均是 (1.2 + 3.0) / 2 = 2.1，看着很差；而一天里实际用掉的电说的是另一回事。',
    en: 'Twelve hours of full load, facility 120 and IT 100, then twelve of little load, 30 and 10. The mean of the hourly ratios is (1.2 + 3.0) / 2 = 2.1 and looks bad; the energy that was really used tells another story.',
  },
  estate: estate(register('gate', { role: 'facility' }), register('it', { role: 'it', more: 'parent: gate' })),
  load: { gate: (hour) => (hour % 24 < 12 ? 120 : 30), it: (hour) => (hour % 24 < 12 ? 100 : 10) },
  asks: [
    {
      at: 24,
      by: {
        zh: '(12 × 120 + 12 × 30) / (12 × 100 + 12 × 10) = 1800 / 1320 = 1.3636',
        en: '(12 x 120 + 12 x 30) / (12 x 100 + 12 x 10) = 1800 / 1320 = 1.3636',
      },
      shows: [
        [pueRatio, day, 1800 / 1320],
        [pueEnergyJoules, { ...day, side: 'facility' }, kwh(1800)],
      ],
    },
  ],
};

export const generation: Example = {
  ...oneDay,
  id: 'generation-and-export',
  title: { zh: '光伏自发，余电上网', en: 'Solar power, some of it sold' },
  story: {
    zh: '边界上三块表：进线 90、光伏发电 20、上网 10。设施用电 = 进 + 发 − 送。上网的电不是园区用掉的。',
    en: 'Three meters at the boundary: import 90, solar generation 20, export 10. What the facility used is import + generation - export: what was sold was not used.',
  },
  estate: estate(
    register('in', { role: 'facility' }),
    register('pv', { role: 'facility', more: 'direction: generation' }),
    register('out', { role: 'facility', more: 'direction: export' }),
    register('it', { role: 'it', more: 'parent: in' }),
  ),
  load: { in: constant(90), pv: constant(20), out: constant(10), it: constant(80) },
  asks: [
    {
      at: 24,
      by: { zh: '(90 + 20 − 10) / 80 = 1.25，一天 2400 kWh', en: '(90 + 20 - 10) / 80 = 1.25, 2400 kWh a day' },
      shows: [
        [pueRatio, day, 1.25],
        [siteEnergyJoules, { site: 's', side: 'facility' }, kwh(2400)],
      ],
    },
  ],
};

export const carriers: Example = {
  ...oneDay,
  id: 'carriers',
  title: {
    zh: '外购冷水按权重折算；国标只认电',
    en: 'Bought chilled water is weighted; the national standard counts electricity alone',
  },
  story: {
    zh: '进线 100 kWh/h，外购冷水 50 kWh/h，冷水的权重是 0.4（profiles.yaml，来源随行）。PUE 把它折进设施用能；GB 40879 的电能比只看电，是另一个数，不是 PUE 换个名字。',
    en: 'The gate takes 100 kWh an hour, and 50 kWh of chilled water are bought, whose weight is 0.4 (profiles.yaml, with its source). PUE counts it; the ratio of GB 40879 looks at electricity alone and is a number of its own, no PUE under another name.',
  },
  estate: estate(
    register('gate', { role: 'facility' }),
    register('chilled', { role: 'facility', more: 'carrier: chilled-water' }),
    register('it', { role: 'it', more: 'parent: gate' }),
  ),
  load: { gate: constant(100), chilled: constant(50), it: constant(80) },
  asks: [
    {
      at: 24,
      by: {
        zh: 'PUE = (100 + 0.4 × 50) / 80 = 1.5；电能比 = 100 / 80 = 1.25，2 级（≤ 1.30），不满一年只作参考',
        en: 'PUE = (100 + 0.4 x 50) / 80 = 1.5; electricity ratio = 100 / 80 = 1.25, grade 2 (<= 1.30), indicative before a full year',
      },
      shows: [
        [pueRatio, day, 1.5],
        [gb40879Ratio, { site: 's', basis: 'indicative' }, 1.25],
        [gb40879Grade, { site: 's', basis: 'indicative' }, 2],
      ],
    },
  ],
};

export const formula: Example = {
  ...oneDay,
  id: 'calculated-meter',
  title: { zh: '没有表的地方：由别的表算出来', en: 'Where there is no meter: calculated from others' },
  story: {
    zh: 'UPS 输出没有装表，只有输入表；厂家给出损耗 4 %，另有 2 kW 的照明接在 UPS 前。声明里写 formula: "0.96 * (ups-in - 2 kW)"。它是计算值，序列里标着 evidence="calculated"。',
    en: 'The UPS has a meter at its input and none at its output; its maker states 4 % of losses, and 2 kW of lighting hang before it. The declaration says formula: "0.96 * (ups-in - 2 kW)". It is calculated, and its series says so: evidence="calculated".',
  },
  estate: estate(
    register('gate', { role: 'facility' }),
    register('ups-in', { role: 'ups', more: 'parent: gate' }),
    calculated('ups-out', '0.96 * (ups-in - 2 kW)', { role: 'it', more: 'parent: ups-in, category: 1' }),
  ),
  load: { gate: constant(120), 'ups-in': constant(102) },
  asks: [
    {
      at: 24,
      by: {
        zh: 'IT = 0.96 × (102 − 2) = 96 kWh/h，一天 2304 kWh；PUE = 120 / 96 = 1.25',
        en: 'IT = 0.96 x (102 - 2) = 96 kWh an hour, 2304 kWh a day; PUE = 120 / 96 = 1.25',
      },
      shows: [
        [pueRatio, day, 1.25],
        [energyJoules, { meter: 'ups-out', evidence: 'calculated' }, kwh(2304)],
      ],
    },
  ],
};

export const backup: Example = {
  ...oneDay,
  id: 'backup-meter',
  hours: 48,
  title: { zh: '边界表坏了，后备表顶上', en: 'The boundary meter fails and its backup stands in' },
  story: {
    zh: '总进线表从第二天 0 点起坏了。声明写了 backup: gate-calc，它等于 IT 表加冷站表再加 5 kW 的变压器损耗（变压器常数）。坏掉的小时用它代替，标为“代替”，覆盖率分开说。没有后备，这一天就没有 PUE。',
    en: 'The gate meter fails at the beginning of the second day. The declaration names backup: gate-calc, which is the IT meter plus the chiller plus 5 kW of transformer losses. It stands in for the hours that are missing, marked as substituted, and coverage tells the two apart. Without a backup that day would have no PUE.',
  },
  estate: estate(
    register('gate', { role: 'facility', more: 'backup: gate-calc' }),
    register('it', { role: 'it', more: 'parent: gate' }),
    register('chiller', { role: 'cooling', more: 'parent: gate' }),
    calculated('gate-calc', 'it + chiller + 5 kW', { role: 'other' }),
  ),
  load: { gate: constant(100), it: constant(80), chiller: constant(14) },
  silent: { gate: [[24, 49]] },
  asks: [
    {
      at: 24,
      by: { zh: '实测：100 / 80 = 1.25', en: 'measured: 100 / 80 = 1.25' },
      shows: [
        [pueRatio, day, 1.25],
        [pueSubstitutedSeconds, { ...day, side: 'facility' }, 0],
      ],
    },
    {
      at: 48,
      by: {
        zh: '代替：(80 + 14 + 5) / 80 = 99 / 80 = 1.2375，24 h = 86400 s 由后备表代替',
        en: 'substituted: (80 + 14 + 5) / 80 = 99 / 80 = 1.2375, and 24 h = 86400 s are substituted',
      },
      shows: [
        [pueRatio, day, 1.2375],
        [pueSubstitutedSeconds, { ...day, side: 'facility' }, 86_400],
        [pueEnergyJoules, { ...day, side: 'facility' }, kwh(24 * 99)],
      ],
    },
  ],
};

export const hall: Example = {
  ...oneDay,
  id: 'hall',
  title: { zh: '一个模块的部分 PUE', en: 'The partial PUE of a hall' },
  story: {
    zh: '两个模块。一号模块有自己的 IT 表 40 和空调表 10；二号模块 IT 40、空调 6。园区总进线 100。模块的部分 PUE 只看模块里的表，不是园区 PUE 的一部分。',
    en: 'Two halls: the first has 40 of IT and 10 of cooling, the second 40 and 6; the gate takes 100. A partial PUE looks at the meters of the hall alone, and no number of the site can be made from it.',
  },
  estate: `halls:
  - { id: hall-1, site: s, name: { zh: 一号模块, en: Hall 1 } }
  - { id: hall-2, site: s, name: { zh: 二号模块, en: Hall 2 } }
${estate(
  register('gate', { role: 'facility' }),
  register('it-1', { role: 'it', more: 'parent: gate, hall: hall-1, category: 2' }),
  register('it-2', { role: 'it', more: 'parent: gate, hall: hall-2, category: 1' }),
  register('crac-1', { role: 'cooling', more: 'parent: gate, hall: hall-1' }),
  register('crac-2', { role: 'cooling', more: 'parent: gate, hall: hall-2' }),
  register('rack-1', { role: 'it', more: 'parent: it-1, hall: hall-1, category: 3' }),
)}`,
  load: {
    gate: constant(100),
    'it-1': constant(40),
    'it-2': constant(40),
    'crac-1': constant(10),
    'crac-2': constant(6),
    'rack-1': constant(25),
  },
  asks: [
    {
      at: 24,
      by: {
        zh: '一号 (40 + 10) / 40 = 1.25，二号 (40 + 6) / 40 = 1.15；园区 100 / 80 = 1.25，类别取最弱的 1 类。机柜表在 IT 表下面，不重复算',
        en: 'hall 1: (40 + 10) / 40 = 1.25, hall 2: (40 + 6) / 40 = 1.15; the site: 100 / 80 = 1.25 in category 1, the weakest. The rack hangs below the IT meter and is not counted twice',
      },
      shows: [
        [puePartialRatio, { hall: 'hall-1', window: '24h', category: '2' }, 1.25],
        [puePartialRatio, { hall: 'hall-2', window: '24h', category: '1' }, 1.15],
        [pueRatio, { ...day, category: '1' }, 1.25],
      ],
    },
  ],
};

export const reuse: Example = {
  ...oneDay,
  id: 'reuse',
  title: { zh: '余热送出去：ERF', en: 'Heat that is used elsewhere: ERF' },
  story: {
    zh: '机房余热每小时送出 15 kWh 给附近小区。它不改变 PUE（送出的热不从用电里减），单独成一个数 ERF = 再利用的能量 / 设施用能。',
    en: 'Every hour 15 kWh of waste heat go to the neighbourhood. That does not change PUE, from which reused heat is not taken off; it is a number of its own, ERF = reused energy / facility energy.',
  },
  estate: estate(
    register('gate', { role: 'facility' }),
    register('it', { role: 'it', more: 'parent: gate' }),
    register('heat', { role: 'reuse', more: 'carrier: electricity' }),
  ),
  load: { gate: constant(100), it: constant(80), heat: constant(15) },
  asks: [
    {
      at: 24,
      by: { zh: 'ERF = 15 / 100 = 0.15；PUE 仍是 1.25', en: 'ERF = 15 / 100 = 0.15; PUE is 1.25 still' },
      shows: [
        [reuseRatio, day, 0.15],
        [pueRatio, day, 1.25],
      ],
    },
  ],
};

export const water: Example = {
  ...oneDay,
  id: 'water',
  title: { zh: '用水：WUE', en: 'Water: WUE' },
  story: {
    zh: '冷却塔补水每小时 150 升，水表每 10 升走一格。用水不进 PUE，单独成一个数 WUE = 升 / IT 千瓦时。',
    en: 'The cooling tower takes 150 litres an hour from a water meter that counts tens of litres. Water is no part of PUE; WUE = litres / kWh of IT energy.',
  },
  estate: estate(
    register('gate', { role: 'facility' }),
    register('it', { role: 'it', more: 'parent: gate' }),
    '  - { id: tower, site: s, role: water, rated_l_per_h: 2000, every: _, source: { protocol: exposition, url: "file:///dev/null" }, registers: { volume: { metric: l, scale_to_l: 10, modulus: none } } }',
  ),
  // The register of the water meter goes on by 15 units of ten litres an hour: as 0.015 "kW" of the scene.
  load: { gate: constant(100), it: constant(80), tower: constant(0.015) },
  asks: [
    {
      at: 24,
      by: { zh: 'WUE = 150 / 80 = 1.875 L/kWh；PUE 仍是 1.25', en: 'WUE = 150 / 80 = 1.875 L/kWh; PUE is 1.25 still' },
      shows: [
        [wueLitresPerKwh, day, 1.875],
        [pueRatio, day, 1.25],
      ],
    },
  ],
};

export const uncertainty: Example = {
  ...oneDay,
  id: 'uncertainty',
  title: { zh: '电表准确度决定 PUE 有几位数可信', en: 'How far the meters let a PUE be trusted' },
  story: {
    zh: '总进线是 0.5 级表，两块 IT 表是 1 级表，各 40 kWh/h。等级是允许误差的界（IEC 62053），按均匀分布取标准不确定度 a/√3，各表独立，k = 2。同一侧的几块表误差互相抵消一部分。',
    en: 'The gate has a meter of class 0.5, the two IT meters are of class 1, at 40 kWh an hour each. A class is a limit of error (IEC 62053), taken as a / sqrt 3, independent from meter to meter, k = 2. On one side errors of several meters cancel out in part.',
  },
  estate: estate(
    register('gate', { role: 'facility', more: 'accuracy_class: 0.5' }),
    register('it-1', { role: 'it', more: 'parent: gate, accuracy_class: 1' }),
    register('it-2', { role: 'it', more: 'parent: gate, accuracy_class: 1' }),
  ),
  load: { gate: constant(100), 'it-1': constant(40), 'it-2': constant(40) },
  asks: [
    {
      at: 24,
      by: {
        zh: '设施 0.5 %/√3 = 0.2887 %；IT √2 × 0.5 × 1 %/√3 = 0.4082 %；合成 √(0.2887² + 0.4082²) = 0.5 %；± 2 × 0.5 % × 1.25 = ± 0.0125',
        en: 'facility 0.5 % / sqrt 3 = 0.2887 %; IT sqrt 2 x 0.5 x 1 % / sqrt 3 = 0.4082 %; together sqrt(0.2887² + 0.4082²) = 0.5 %; ± 2 x 0.5 % x 1.25 = ± 0.0125',
      },
      shows: [
        [pueUncertaintyRatio, day, 0.0125],
        [pueRatio, day, 1.25],
      ],
    },
  ],
};
