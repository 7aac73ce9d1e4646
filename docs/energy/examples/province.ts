import { provincePueEnergyJoules, provincePueRatio, provincePueSite, pueRatio } from '../../../model/metrics/pue.ts';
import type { Example } from '../example.ts';
import { constant, estate, power, register } from './meters.ts';

const kwh = (value: number): number => value * 3.6e6;

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
