import { provincePueEnergyJoules, provincePueRatio, provincePueSite, pueRatio } from '../../../model/metrics/pue.ts';
import type { Example } from '../example.ts';
import { constant, estate, power, register } from './meters.ts';

const kwh = (value: number): number => value * 3.6e6;

export const sameHours: Example = {
  id: 'province-same-hours',
  title: {
    zh: '全省也只比同样的小时',
    en: 'The province compares the same hours too',
  },
  story: {
    zh: '甲园区 24 小时全有数；乙园区的 IT 表只有功率，10 点那一小时失联，乙自己的 PUE 少算这一小时（23 / 24 = 95.8 %）。甲在这一小时恰好用得多：若甲算 24 小时、乙算 23 小时，加起来的就不是同一段时间。所以乙去掉的小时，甲也去掉。',
    en: 'Site one is metered for all 24 hours. The IT meter of site two has power alone and is silent from 10:00 to 11:00, so that its own PUE leaves that hour out (23 / 24 = 95.8 %). In this very hour site one used more: 24 hours of one and 23 of the other are no sum over one time. What site two leaves out is left out for site one.',
  },
  estate: estate(
    register('one-gate', { site: 'one', role: 'facility', ratedKw: 400 }),
    register('one-it', { site: 'one', role: 'it', more: 'parent: one-gate' }),
    register('two-gate', { site: 'two', role: 'facility' }),
    power('two-it', { site: 'two', role: 'it', more: 'parent: two-gate' }),
  ),
  begin: '2026-11-24T00:00:00+08:00',
  hours: 24,
  every: 5,
  load: {
    'one-gate': (hour) => (hour >= 10 && hour < 11 ? 300 : 100),
    'one-it': constant(80),
    'two-gate': constant(50),
    'two-it': constant(40),
  },
  silent: { 'two-it': [[10, 11]] },
  asks: [
    {
      at: 24,
      by: {
        zh: '甲 (23 × 100 + 300) / (24 × 80) = 1.3542；乙 23 × 50 / (23 × 40) = 1.25；全省 (23 × 100 + 23 × 50) / (23 × 80 + 23 × 40) = 3450 / 2760 = 1.25',
        en: 'one (23 x 100 + 300) / (24 x 80) = 1.3542; two 23 x 50 / (23 x 40) = 1.25; the province (23 x 100 + 23 x 50) / (23 x 80 + 23 x 40) = 3450 / 2760 = 1.25',
      },
      shows: [
        [pueRatio, { site: 'one', window: '24h' }, 2600 / 1920],
        [pueRatio, { site: 'two', window: '24h' }, 1.25],
        [provincePueRatio, { window: '24h' }, 1.25],
        [provincePueEnergyJoules, { window: '24h', side: 'facility' }, kwh(3450)],
      ],
    },
  ],
};

export const province: Example = {
  id: 'province',
  title: {
    zh: '全省 PUE：先加电量，再相除；数据不全的园区点名',
    en: "The province's PUE: sums first; sites without data are named",
  },
  story: {
    zh: '三个园区。大园区 1.2（120 / 100），小园区 1.6（16 / 10），第三个园区的 IT 表只有功率并且失联了 4 小时，没有 PUE。全省不是 (1.2 + 1.6) / 2 = 1.4，第三个园区也不当零：它被点名。',
    en: 'Three sites: a large one at 1.2 (120 / 100), a small one at 1.6 (16 / 10), and a third whose IT meter has power alone and was silent for four hours, so that it has no PUE. The province is not (1.2 + 1.6) / 2 = 1.4, and the third site is no zero either: it is named.',
  },
  estate: estate(
    register('big-gate', { site: 'big', role: 'facility' }),
    register('big-it', { site: 'big', role: 'it', more: 'parent: big-gate' }),
    register('small-gate', { site: 'small', role: 'facility' }),
    register('small-it', { site: 'small', role: 'it', more: 'parent: small-gate' }),
    register('third-gate', { site: 'third', role: 'facility' }),
    power('third-it', { site: 'third', role: 'it', more: 'parent: third-gate' }),
  ),
  begin: '2026-11-24T00:00:00+08:00',
  hours: 24,
  every: 5,
  load: {
    'big-gate': constant(120),
    'big-it': constant(100),
    'small-gate': constant(16),
    'small-it': constant(10),
    'third-gate': constant(90),
    'third-it': constant(60),
  },
  silent: { 'third-it': [[8, 12]] },
  asks: [
    {
      at: 24,
      by: {
        zh: '(24 × 120 + 24 × 16) / (24 × 100 + 24 × 10) = 3264 / 2640 = 1.2364；第三个园区：coverage',
        en: '(24 x 120 + 24 x 16) / (24 x 100 + 24 x 10) = 3264 / 2640 = 1.2364; the third site: coverage',
      },
      shows: [
        [provincePueRatio, { window: '24h' }, 3264 / 2640],
        [provincePueEnergyJoules, { window: '24h', side: 'facility' }, kwh(3264)],
        [provincePueSite, { site: 'big', window: '24h', state: 'included' }, 1],
        [provincePueSite, { site: 'small', window: '24h', state: 'included' }, 1],
        [provincePueSite, { site: 'third', window: '24h', state: 'coverage' }, 1],
        [pueRatio, { site: 'third', window: '24h' }, null],
      ],
    },
  ],
};
