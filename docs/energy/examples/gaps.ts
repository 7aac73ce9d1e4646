import {
  pueBridgedSeconds,
  pueCoveredSeconds,
  pueCoverageRatio,
  pueEnergyJoules,
  pueRatio,
  pueUnavailable,
} from '../../../model/metrics/pue.ts';
import { energyJoules, meterUnmeteredSeconds } from '../../../model/metrics/energy.ts';
import type { Example } from '../example.ts';
import { constant, estate, power, register } from './meters.ts';

const day = { site: 's', window: '24h' } as const;
const hour = { site: 's', window: '1h' } as const;
const MJ = 1e6;
const kwh = (value: number): number => value * 3.6 * MJ;

const plant = {
  begin: '2026-11-24T00:00:00+08:00',
  every: 1,
  load: { gate: constant(100), it: constant(80) },
  silent: { it: [[10, 12.5]] },
} as const satisfies Partial<Example>;

const withRegisters = estate(
  register('gate', { role: 'facility' }),
  register('it', { role: 'it', more: 'parent: gate' }),
);

export const bridgedGap: Example = {
  ...plant,
  id: 'bridged-gap',
  title: {
    zh: 'IT 表失联两个半小时，寄存器没有停',
    en: 'An IT meter is silent for two and a half hours; its register is not',
  },
  story: {
    zh: '总进线每小时 100 kWh，IT 每小时 80 kWh。IT 表从 10:00 到 12:30 没有应答，但寄存器一直在走：12:30 一次补记缺的 200 kWh。这段缺口只有作为整体才知道用了多少电，所以只有装得下整个缺口的窗口才算它；切到缺口的窗口，两侧都去掉同样的小时。',
    en: 'The gate takes 100 kWh an hour, IT 80 kWh. The IT meter gives no answer from 10:00 to 12:30, but its register goes on: at 12:30 the missing 200 kWh are credited at once. How much was used is known for the gap as a whole only, so it counts for windows that hold all of it; a window that cuts the gap leaves the same hours out of both sides.',
  },
  estate: withRegisters,
  hours: 36,
  asks: [
    {
      at: 11,
      by: {
        zh: '10 点这一小时只有前一分钟不到有读数：没有 PUE',
        en: 'the hour from 10:00 was not metered: no PUE of its own',
      },
      shows: [
        [pueUnavailable, { ...hour, reason: 'coverage' }, 1],
        [pueRatio, hour, null],
      ],
    },
    {
      at: 24,
      by: {
        zh: '整天装得下整个缺口：24 小时全算，2400 / 1920 = 1.25，其中 2.5 h = 9000 s 是跨缺口补记',
        en: 'the day holds the whole gap: all 24 hours count, 2400 / 1920 = 1.25, of which 2.5 h = 9000 s are bridged',
      },
      shows: [
        [pueRatio, day, 1.25],
        [pueEnergyJoules, { ...day, side: 'facility' }, kwh(2400)],
        [pueEnergyJoules, { ...day, side: 'it' }, kwh(1920)],
        [pueBridgedSeconds, { ...day, side: 'it' }, 9000],
        [pueCoveredSeconds, { ...day, side: 'it' }, 86_400],
        [pueCoverageRatio, day, 1],
      ],
    },
    {
      at: 35,
      by: {
        zh: '从 11:00 开始的窗口切到缺口：11、12 两个小时两侧都去掉，22 / 24 = 91.7 % < 95 %，没有 PUE',
        en: 'a window from 11:00 on cuts the gap: the hours 11 and 12 leave both sides, 22 / 24 = 91.7 % < 95 %, no PUE',
      },
      shows: [
        [pueRatio, day, null],
        [pueUnavailable, { ...day, reason: 'coverage' }, 1],
        [pueCoverageRatio, day, 22.5 / 24],
      ],
    },
    {
      at: 36,
      by: {
        zh: '从 12:00 开始：只去掉 12 点这一小时，23 / 24 = 95.8 %，2300 / 1840 = 1.25',
        en: 'from 12:00 on: the hour 12 alone is left out, 23 / 24 = 95.8 %, 2300 / 1840 = 1.25',
      },
      shows: [
        [pueRatio, day, 1.25],
        [pueEnergyJoules, { ...day, side: 'facility' }, kwh(2300)],
        [pueEnergyJoules, { ...day, side: 'it' }, kwh(1840)],
      ],
    },
  ],
};

export const powerGap: Example = {
  ...plant,
  id: 'power-gap',
  title: { zh: '同样的缺口，但 IT 表只有功率', en: 'The same gap, with an IT meter that has power alone' },
  story: {
    zh: '没有寄存器，缺口里用了多少电谁也不知道：一度也不补。10、11、12 三个小时两侧都去掉：2100 / 1680 仍是 1.25，但 21 / 24 = 87.5 % 不到 95 %，所以这一天不公布 PUE，只公布原因。',
    en: 'Without a register nobody knows what was used in the gap: nothing is credited. The hours 10, 11 and 12 leave both sides: 2100 / 1680 is 1.25 still, but 21 / 24 = 87.5 % are fewer than 95 %, so that day has a reason and no PUE.',
  },
  estate: estate(register('gate', { role: 'facility' }), power('it', { role: 'it', more: 'parent: gate' })),
  hours: 24,
  asks: [
    {
      at: 24,
      by: {
        zh: '21.5 / 24 = 89.6 % 有计量；计入的小时 21 / 24 = 87.5 %，后者决定：没有 PUE。未计量 2.5 h = 9000 s',
        en: '21.5 / 24 = 89.6 % is metered; hours that count are 21 / 24 = 87.5 %, which decides: no PUE. Unmetered 2.5 h = 9000 s',
      },
      shows: [
        [pueRatio, day, null],
        [pueUnavailable, { ...day, reason: 'coverage' }, 1],
        [pueCoverageRatio, day, 21.5 / 24],
        [meterUnmeteredSeconds, { meter: 'it' }, 9000],
        [energyJoules, { meter: 'it' }, kwh(21.5 * 80)],
      ],
    },
  ],
};

export const whileItHappens: Example = {
  ...plant,
  id: 'while-it-happens',
  title: { zh: '缺口发生时，24 小时 PUE 怎么变', en: 'The 24 h PUE while a gap happens' },
  story: {
    zh: '同一块有寄存器的表，前一天一切正常。缺口还开着的时候，少一个小时还够 95 %，少两个就不够；寄存器一补上，整个缺口又都算。',
    en: 'The same meter with a register, after a day without fault. While the gap is open one missing hour still leaves 95 %, two do not; once the register has bridged it, all of it counts again.',
  },
  estate: withRegisters,
  silent: { it: [[34, 36.5]] },
  hours: 37,
  asks: [
    {
      at: 35,
      by: { zh: '23 / 24 = 95.8 %：2300 / 1840 = 1.25', en: '23 / 24 = 95.8 %: 2300 / 1840 = 1.25' },
      shows: [
        [pueRatio, day, 1.25],
        [pueEnergyJoules, { ...day, side: 'it' }, kwh(1840)],
      ],
    },
    {
      at: 36,
      by: { zh: '22 / 24 = 91.7 %：没有', en: '22 / 24 = 91.7 %: none' },
      shows: [[pueRatio, day, null]],
    },
    {
      at: 37,
      by: { zh: '整个缺口都在窗口里：2400 / 1920 = 1.25', en: 'the window holds the whole gap: 2400 / 1920 = 1.25' },
      shows: [
        [pueRatio, day, 1.25],
        [pueEnergyJoules, { ...day, side: 'it' }, kwh(1920)],
      ],
    },
  ],
};

export const rollover: Example = {
  id: 'rollover',
  title: { zh: '寄存器翻转', en: 'A register rolls over' },
  story: {
    zh: '老式电表的寄存器数到 1,000,000 Wh 就从零开始。起点 990,000 Wh，IT 每小时 80 kWh：第一个小时就翻转一次，一度电也不少。这块表额定 200 kW，每 5 分钟最多走 1.2 × 200 × 5/60 = 20 kWh，远不到模数的一半，翻转不会看漏；间隔太长的声明在 check 时就被拒绝。',
    en: "An old meter's register begins again at 1,000,000 Wh. From 990,000 Wh on, at 80 kWh an hour, it rolls over within the first hour and nothing is missing. At 200 kW rated it can pass 1.2 x 200 x 5/60 = 20 kWh in five minutes, far less than half its modulus, so that no rollover is missed; `greenflops check` refuses an interval that could hide one.",
  },
  estate: estate(
    register('gate', { role: 'facility' }),
    register('it', { role: 'it', more: 'parent: gate', modulus: '1000000' }),
  ),
  begin: '2026-11-24T00:00:00+08:00',
  hours: 24,
  every: 5,
  load: { gate: constant(100), it: constant(80) },
  start: { it: 990_000 },
  asks: [
    {
      at: 24,
      by: {
        zh: '24 × 80 = 1920 kWh = 6912 MJ，(990 + 1920) / 1000 = 2.9，翻转 2 次',
        en: '24 x 80 = 1920 kWh = 6912 MJ, (990 + 1920) / 1000 = 2.9, so over two rollovers',
      },
      shows: [
        [energyJoules, { meter: 'it' }, 6912 * MJ],
        [pueRatio, day, 1.25],
      ],
    },
  ],
};

export const reset: Example = {
  id: 'reset',
  title: { zh: '寄存器复位', en: 'A register is reset' },
  story: {
    zh: '12:00 有人把 IT 表的寄存器清零。这块表声明不会翻转，读数倒退先存疑；再有两次读数接着新的水平走，才相信它是从零重新开始：记从零到现在的电量，清零那一刻之前、最后一次读数之后用了多少则没人知道，算未计量（这里恰好是零电量、至多一个采集间隔）。',
    en: 'At 12:00 somebody sets the IT register to zero. The meter is declared never to roll over, so a level that falls is held; once two further readings agree with the new one it is believed to have begun again: what it shows since zero is credited. What was used between the last reading before and the reset nobody knows: it counts as unmetered, one interval at most.',
  },
  estate: withRegisters,
  begin: '2026-11-24T00:00:00+08:00',
  hours: 24,
  every: 5,
  load: { gate: constant(100), it: constant(80) },
  acts: [
    {
      at: 12,
      text: { zh: '12:00 寄存器清零', en: '12:00: the register is set to zero' },
      act: (scene) => scene.setLevel('it', 0),
    },
  ],
  asks: [
    {
      at: 24,
      by: {
        zh: '清零发生在两次读数之间，其间 5 分钟的读数从零起算：一度不少，24 × 80 = 1920 kWh；但 12:00–12:05 这 300 s 没有证据，算未计量',
        en: 'the reset fell on a reading, and the next one counts from zero: nothing is missing, 24 x 80 = 1920 kWh; but for the 300 s from 12:00 to 12:05 there is no evidence: unmetered',
      },
      shows: [
        [energyJoules, { meter: 'it' }, kwh(1920)],
        [meterUnmeteredSeconds, { meter: 'it' }, 300],
        [pueRatio, day, 1.25],
      ],
    },
  ],
};
