import { energyJoules } from '../../../model/metrics/energy.ts';
import { pueManualSeconds, pueRatio, pueUnavailable } from '../../../model/metrics/pue.ts';
import type { Example } from '../example.ts';
import { constant, estate, register } from './meters.ts';

const day = { site: 's', window: '24h' } as const;
const kwh = (value: number): number => value * 3.6e6;
const meters = estate(register('gate', { role: 'facility' }), register('it', { role: 'it', more: 'parent: gate' }));

export const handReading: Example = {
  id: 'hand-reading',
  title: { zh: '总进线表的通信断了，有人去抄了表', en: 'The gate meter cannot be reached, and somebody reads it' },
  story: {
    zh: '10:00 起读不到总进线表，当天没有 PUE。24:00 值班员抄了显示屏：5,000,000 + 24 × 100,000 = 7,400,000 Wh，录入 greenflops meter read gate --value 7400000 --at …。缺口按抄见数补上，标为“人工”；计数器不动，因为它只含实时读数入账的电量。',
    en: 'From 10:00 on the gate meter gives no answer, and the day has no PUE. At 24:00 somebody reads its display, 5,000,000 + 24 x 100,000 = 7,400,000 Wh, and brings it: greenflops meter read gate --value 7400000 --at …. The gap is closed by that figure and marked as manual; the counter does not move, as it holds what live readings credited.',
  },
  estate: meters,
  begin: '2026-11-24T00:00:00+08:00',
  hours: 26,
  every: 5,
  load: { gate: constant(100), it: constant(80) },
  silent: { gate: [[10, 27]] },
  acts: [
    {
      at: 25,
      text: {
        zh: '25 时：录入 24:00 抄见的 7,400,000 Wh',
        en: 'hour 25: the 7,400,000 Wh that were read at 24:00 are brought',
      },
      act: (scene) => scene.instruct('gate', 24, 7_400_000),
    },
  ],
  asks: [
    {
      at: 24,
      by: { zh: '10 / 24 小时有计量：没有 PUE', en: '10 of 24 hours are metered: no PUE' },
      shows: [
        [pueRatio, day, null],
        [pueUnavailable, { ...day, reason: 'coverage' }, 1],
      ],
    },
    {
      at: 25,
      by: {
        zh: '从 1 时到 25 时的窗口：24 时到 25 时仍没有数，计入 23 小时，23 / 24 = 95.8 %；2300 / 1840 = 1.25；其中 10:00 到 24:00 共 50400 s 是人工；计数器停在 10 × 100 kWh',
        en: 'the window from hour 1 to 25: nothing is known from 24 to 25, 23 hours count, 23 / 24 = 95.8 %; 2300 / 1840 = 1.25; of it 50400 s, from 10:00 to 24:00, are manual; the counter stands at 10 x 100 kWh',
      },
      shows: [
        [pueRatio, day, 1.25],
        [pueManualSeconds, { ...day, side: 'facility' }, 50_400],
        [energyJoules, { meter: 'gate' }, kwh(1000)],
      ],
    },
  ],
};

export const replacedMeter: Example = {
  id: 'replaced-meter',
  title: { zh: 'IT 表换成了新表', en: 'The IT meter is replaced' },
  story: {
    zh: '12:00 换表：旧表止码 5,000,000 + 12 × 80,000 = 5,960,000 Wh，新表起码 300,000 Wh（不是零）。寄存器忽然换了水平又没有复位证据，换表前后那个间隔不记电量，那个小时不算。录入 greenflops meter replace it --old-final 5960000 --new-initial 300000 --at … 之后，一度也不少。',
    en: 'At 12:00 the meter is replaced: the old one ends at 5,000,000 + 12 x 80,000 = 5,960,000 Wh, the new one begins at 300,000 Wh, which is not zero. The register has moved without evidence of a reset, so nothing is credited for the interval of the change. After greenflops meter replace it --old-final 5960000 --new-initial 300000 --at … nothing is missing.',
  },
  estate: meters,
  begin: '2026-11-24T00:00:00+08:00',
  hours: 24,
  every: 5,
  load: { gate: constant(100), it: constant(80) },
  acts: [
    {
      at: 12,
      text: { zh: '12 时：换表', en: 'hour 12: the meter is replaced' },
      act: (scene) => scene.setLevel('it', 300_000),
    },
    {
      at: 15,
      text: { zh: '15 时：录入止码与起码', en: 'hour 15: both levels are brought' },
      act: (scene) => scene.instruct('it', 12, 5_960_000, 300_000),
    },
  ],
  asks: [
    {
      at: 24,
      by: {
        zh: '2400 / (12 × 80 + 12 × 80) = 2400 / 1920 = 1.25',
        en: '2400 / (12 x 80 + 12 x 80) = 2400 / 1920 = 1.25',
      },
      shows: [[pueRatio, day, 1.25]],
    },
  ],
};
