import { overheadAllowedJoules, overheadLeftJoules, overheadSpentJoules } from '../../../model/metrics/budget.ts';
import { pueRatio } from '../../../model/metrics/pue.ts';
import type { Example } from '../example.ts';
import { constant, estate, register } from './meters.ts';

const month = { site: 's', period: 'month' } as const;
const day = { site: 's', window: '24h' } as const;
const mwh = (value: number): number => value * 3.6e9;
/** Day of the month, from 1 on, of an hour since its beginning. */
const dayOf = (hour: number): number => Math.floor(hour / 24) + 1;

export const julyBudget: Example = {
  id: 'july-budget',
  title: {
    zh: '七月的额度用完了，虽然没有一天超过 1.5',
    en: 'July breaks its budget though no day is above 1.5',
  },
  story: {
    zh: 'IT 恒定 1 MW，允许的 PUE 是 1.25。第 d 天的 PUE 是 1.10 + 0.01·d，从 1.11 升到 1.41，只看瞬时值的告警一次也不会响。额度是这样算的：允许的非 IT 电量 = IT 电量 × (1.25 − 1)，每天 6 MWh；已用的一天天变多，到 29 日正好用完应有的份，30 日起透支。',
    en: 'IT takes 1 MW throughout, the allowed PUE is 1.25. The PUE of day d is 1.10 + 0.01 d, from 1.11 up to 1.41: an alert on momentary values would never fire. The budget tells it: overhead energy allowed = IT energy x (1.25 - 1), 6 MWh a day; what is spent grows from day to day, has used up its share exactly at the end of the 29th, and is overdrawn from the 30th on.',
  },
  estate: estate(
    register('gate', { role: 'facility', ratedKw: 2000 }),
    register('it', { role: 'it', more: 'parent: gate', ratedKw: 1500 }),
  ),
  begin: '2026-07-01T00:00:00+08:00',
  hours: 743,
  every: 15,
  load: { gate: (hour) => 1000 * (1.1 + 0.01 * dayOf(hour)), it: constant(1000) },
  asks: [
    {
      at: 28 * 24,
      by: {
        zh: '允许 28 × 6 = 168 MWh；已用 24 × (0.1 × 28 + 0.005 × 28 × 29) = 164.64 MWh；余 3.36 MWh。当天 PUE 1.38',
        en: 'allowed 28 x 6 = 168 MWh; spent 24 x (0.1 x 28 + 0.005 x 28 x 29) = 164.64 MWh; left 3.36 MWh. PUE of the day 1.38',
      },
      shows: [
        [overheadAllowedJoules, month, mwh(168)],
        [overheadSpentJoules, month, mwh(164.64)],
        [overheadLeftJoules, month, mwh(3.36)],
        [pueRatio, day, 1.38],
      ],
    },
    {
      at: 30 * 24,
      by: {
        zh: '允许 180 MWh；已用 24 × (3 + 0.005 × 30 × 31) = 183.6 MWh；透支 3.6 MWh。当天 PUE 1.40',
        en: 'allowed 180 MWh; spent 24 x (3 + 0.005 x 30 x 31) = 183.6 MWh; overdrawn by 3.6 MWh. PUE of the day 1.40',
      },
      shows: [
        [overheadAllowedJoules, month, mwh(180)],
        [overheadSpentJoules, month, mwh(183.6)],
        [overheadLeftJoules, month, mwh(-3.6)],
        [pueRatio, day, 1.4],
      ],
    },
  ],
};
