import {
  carbonWindowKilograms,
  certificateLeftJoules,
  certificateUsedJoules,
  cueKilogramsPerKwh,
  refRatio,
} from '../../../model/metrics/carbon.ts';
import type { Example } from '../example.ts';
import { constant, estate, register } from './meters.ts';

const day = { site: 's', window: '24h' } as const;
const mwh = (value: number): number => value * 3.6e9;
const meters = estate(register('gate', { role: 'facility' }), register('it', { role: 'it', more: 'parent: gate' }));
const oneDay = { begin: '2026-11-24T00:00:00+08:00', hours: 24, every: 5 } as const;

export const twoTotals: Example = {
  ...oneDay,
  id: 'carbon-two-totals',
  title: { zh: '碳排放的两本账', en: 'Carbon counted twice, on purpose' },
  story: {
    zh: '江西电网因子 0.5752 kgCO₂/kWh（factors.yaml，标明年份与来源）。园区从中午起有一张 1 MWh 的绿证。按所在地的账只看电网，绿证改不了它；按市场的账扣掉绿证，一度绿电只扣一次。',
    en: 'The grid factor of Jiangxi is 0.5752 kg CO2 per kWh (factors.yaml, with year and source). From noon on the site holds a certificate of 1 MWh. The location-based total looks at the grid alone and no certificate changes it; the market-based total takes the certificate off, each of its kWh once.',
  },
  estate: `${meters}certificates:
  - { id: noon, serial: EXAMPLE-1, kind: green-certificate, site: s, from: 2026-11-24T12:00:00+08:00, to: 2026-12-24T12:00:00+08:00, mwh: 1 }
`,
  load: { gate: constant(100), it: constant(80) },
  asks: [
    {
      at: 24,
      by: {
        zh: '所在地 2400 × 0.5752 = 1380.48 kg；下午的 1200 kWh 用完 1000 kWh，市场 1400 × 0.5752 = 805.28 kg；REF 1000 / 2400；CUE 1380.48 / 1920 = 0.719',
        en: "location 2400 x 0.5752 = 1380.48 kg; the afternoon's 1200 kWh use up the 1000, market 1400 x 0.5752 = 805.28 kg; REF 1000 / 2400; CUE 1380.48 / 1920 = 0.719",
      },
      shows: [
        [carbonWindowKilograms, { ...day, basis: 'location' }, 1380.48],
        [carbonWindowKilograms, { ...day, basis: 'market' }, 805.28],
        [refRatio, day, 1000 / 2400],
        [cueKilogramsPerKwh, day, 0.719],
        [certificateUsedJoules, { certificate: 'noon' }, mwh(1)],
      ],
    },
  ],
};

export const byTheHour: Example = {
  ...oneDay,
  id: 'carbon-by-the-hour',
  title: { zh: '逐小时匹配的绿电', en: 'Green power matched by the hour' },
  story: {
    zh: '同样的因子。绿电合同 2.4 MWh、24 小时，即每小时 100 kWh，声明了 hourly: true。白天 12 小时只用 40，夜里 12 小时用 160：白天多出来的不能留到夜里。',
    en: 'The same factor. A contract of 2.4 MWh over 24 hours, 100 kWh for each of them, is declared with hourly: true. Twelve hours use 40 kWh, twelve use 160: what is left over by day is lost at night.',
  },
  estate: `${meters}certificates:
  - { id: contract, serial: EXAMPLE-2, kind: green-power, site: s, from: 2026-11-24T00:00:00+08:00, to: 2026-11-25T00:00:00+08:00, mwh: 2.4, hourly: true }
`,
  load: { gate: (hour) => (hour < 12 ? 40 : 160), it: (hour) => (hour < 12 ? 30 : 130) },
  asks: [
    {
      at: 24,
      by: {
        zh: '匹配 12 × 40 + 12 × 100 = 1680 kWh；所在地 2400 × 0.5752 = 1380.48 kg；市场 12 × 60 × 0.5752 = 414.144 kg；余 720 kWh 作废。按期间匹配会是 0 kg',
        en: 'matched 12 x 40 + 12 x 100 = 1680 kWh; location 2400 x 0.5752 = 1380.48 kg; market 12 x 60 x 0.5752 = 414.144 kg; 720 kWh are lost. Matched over the period it would be 0 kg',
      },
      shows: [
        [carbonWindowKilograms, { ...day, basis: 'location' }, 1380.48],
        [carbonWindowKilograms, { ...day, basis: 'market' }, 414.144],
        [certificateUsedJoules, { certificate: 'contract' }, mwh(1.68)],
        [certificateLeftJoules, { certificate: 'contract', state: 'surplus' }, mwh(0.72)],
      ],
    },
  ],
};
