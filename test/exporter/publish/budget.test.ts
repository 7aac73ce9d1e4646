import { describe, expect, test } from 'vitest';
import * as budget from '../../../model/metrics/budget.ts';
import { catalogue } from '../../../model/metrics/index.ts';
import type { Emit } from '../../../model/metrics/metric.ts';
import { languages } from '../../../model/text.ts';
import { Board } from '../../../exporter/publish/exposition.ts';
import { page } from '../../../exporter/publish/page/page.ts';
import type { Snapshot } from '../../../exporter/publish/snapshot.ts';
import { status } from '../../../exporter/publish/status.ts';
import { declared, emitScene, NOW } from './made-up.ts';
import { readText } from './read-text.ts';

const MWH = 3.6e9;
const site = 'nanchang';

/** The demonstration with a budget of Nanchang, MWh: this month goes well, the year does not. Figures are made up. */
function emitBudget(emit: Emit, { monthLeft = 38.2, mean = 1.25 } = {}): void {
  const month = { site, period: 'month' };
  emit(budget.overheadAllowedJoules, month, 36 * MWH);
  emit(budget.overheadSpentJoules, month, (62.6 - monthLeft) * MWH);
  emit(budget.overheadLeftJoules, month, (monthLeft - 26.6) * MWH);
  emit(budget.overheadWholeAllowedJoules, month, 62.6 * MWH);
  emit(budget.overheadWholeLeftJoules, month, monthLeft * MWH);
  emit(budget.overheadCoverageRatio, month, 0.9912);
  const year = { site, period: 'year' };
  emit(budget.overheadAllowedJoules, year, 500 * MWH);
  emit(budget.overheadSpentJoules, year, 560 * MWH);
  emit(budget.overheadLeftJoules, year, -60 * MWH);
  emit(budget.overheadCoverageRatio, year, 0.9987);
  emit(budget.pueBurnRatio, { site, window: '6h' }, 1.1234);
  emit(budget.pueBurnRatio, { site, window: '1d' }, 0.98);
  emit(budget.pueBurnUnavailable, { site, window: '3d', reason: 'part_load' }, 1);
  const forecast = { low: 1.2451, mid: 1.2667, high: 1.3012 };
  for (const [bound, value] of Object.entries(forecast))
    emit(budget.pueForecastRatio, { site, bound, basis: 'season' }, value);
  for (const [bound, value] of Object.entries({ low: -90, mid: -40, high: 9 }))
    emit(budget.overheadYearEndJoules, { site, bound }, value * MWH);
  emit(budget.pueAllowanceMeanRatio, { site }, mean);
}

async function snapshotOf(emit: (emit: Emit) => void): Promise<Snapshot> {
  const cycle = new Board({ catalogue, clock: { wall: () => NOW } }).begin();
  emitScene(cycle.emit, { days: true });
  emit(cycle.emit);
  return cycle.finish();
}
const of = (snapshot: Snapshot) => {
  const now = status(snapshot, declared, NOW);
  const found = now.sites.find(({ id }) => id === site);
  if (!found) throw new Error(`no site ${site}`);
  return { now, budget: found.budget };
};

test('words first: what is left of the month, where the year stands, where it ends and by what', async () => {
  const { text } = of(await snapshotOf(emitBudget)).budget;
  expect(text.en).toBe(
    "Overhead energy: 38.2 MWh left this month (61.0 % of its allowance); this year so far 12.0 % over its allowance; year-end PUE about 1.27 (1.25–1.30), above the annual target of 1.25, by last year's seasons.",
  );
  expect(text.zh).toBe(
    '非 IT 用电：本月还可使用 38.2 MWh（全月允许量的 61.0 %）；今年至今超出允许量 12.0 %；年末 PUE 约 1.27（1.25–1.30），高于年度目标 1.25，按去年同月的季节走势推算。',
  );
});

test('a month that has spent the whole of its allowance', async () => {
  const { text } = of(await snapshotOf((emit) => emitBudget(emit, { monthLeft: -6.26 }))).budget;
  expect(text.en).toMatch(/^Overhead energy: 6\.26 MWh \(10\.0 %\) above the whole month's allowance;/);
  expect(text.zh).toMatch(/^非 IT 用电：本月已超出全月允许量 6\.26 MWh（10\.0 %）；/);
});

test('reasons where there are no figures; nothing that was not published is shown as 0', async () => {
  const { budget: none } = of(
    await snapshotOf((emit) => {
      emit(budget.overheadUnavailable, { site, period: 'month', reason: 'coverage' }, 1);
      emit(budget.overheadAllowedJoules, { site, period: 'year' }, 10 * MWH);
      emit(budget.overheadLeftJoules, { site, period: 'year' }, 2 * MWH);
      emit(budget.pueForecastUnavailable, { site, reason: 'young' }, 1);
    }),
  );
  expect(none.text.en).toBe(
    'Overhead energy: no budget for this month: fewer than 95 % of the hours are metered; this year so far 20.0 % under its allowance; no forecast of the year-end PUE yet: it takes 28 whole days of metering.',
  );
  expect(none.periods[0]).toMatchObject({ reason: 'coverage', spentJoules: null, leftJoules: null, coverage: null });
  expect(none.burns.map(({ ratio, reason }) => [ratio, reason])).toEqual(none.burns.map(() => [null, null]));
});

test('months that together allow more than the year are warned of, from half a unit of the third decimal on', async () => {
  const warned = async (mean: number) => {
    const { warnings } = of(await snapshotOf((emit) => emitBudget(emit, { mean }))).now;
    return warnings.filter(({ en }) => en.includes('monthly_allowance')).map(({ en }) => en);
  };
  expect(await warned(1.2504)).toEqual([]);
  expect(await warned(1.2506)).toEqual([expect.stringContaining('1.2506, above the annual target of 1.25')]);
});

describe('the page', async () => {
  const snapshot = await snapshotOf(emitBudget);
  const { now } = of(snapshot);
  const html = { zh: page(now, 'zh'), en: page(now, 'en') };

  test('says it in both languages, with the exact figures of /metrics beside', () => {
    for (const language of languages) {
      expect(html[language]).toContain(of(snapshot).budget.text[language].replaceAll("'", '&#39;'));
      expect(html[language]).not.toMatch(/\{\w+\}|undefined|NaN|\[object/);
    }
    const rest = html.en.replace('中文', '').replace(declared.promise.document.number, '');
    expect(rest).not.toMatch(/\p{Script=Han}/u);
    const lines = readText(Buffer.concat(snapshot.text.plain).toString());
    const left = lines.find(
      ({ name, labels }) => name === 'greenflops_overhead_left_joules' && labels['period'] === 'year',
    );
    expect(html.en).toContain(`<data value="${Number(left?.value)}">-60 MWh</data>`);
    expect(html.en).toContain(
      'last 6 hours: 1.12; last day: 0.98; last 3 days: the IT load is below 30 % of its rating',
    );
  });
});
