import { describe, expect, test } from 'vitest';
import { catalogue } from '../../../model/metrics/index.ts';
import * as pue from '../../../model/metrics/pue.ts';
import type { Plan } from '../../../model/plan.ts';
import { Board, type Cycle } from '../../../exporter/publish/exposition.ts';
import { page } from '../../../exporter/publish/page/page.ts';
import { status } from '../../../exporter/publish/status.ts';
import { band } from '../../../exporter/publish/status/pue.ts';
import { declared, emitScene, NOW } from './made-up.ts';

const site = 'nanchang';

/** The scene after some days, with what a test adds to it. */
async function shown(add: (emit: Cycle['emit']) => void, plan: Plan = declared) {
  const cycle = new Board({ catalogue, clock: { wall: () => NOW } }).begin();
  emitScene(cycle.emit, { days: true });
  add(cycle.emit);
  const now = status(await cycle.finish(), plan, NOW);
  const found = now.sites.find(({ id }) => id === site);
  if (!found) throw new Error(`no site ${site}`);
  const text = (html: string): string => html.replaceAll(/<[^>]*>/g, '').replaceAll(/\s+/g, ' ');
  return { site: found, zh: text(page(now, 'zh')), en: text(page(now, 'en')) };
}

const window = '24h';

test('a PUE stands with its band where there is one, and without where there is none', async () => {
  const found = await shown((emit) => emit(pue.pueUncertaintyRatio, { site, window }, 0.0096));
  const text = (name: string) => found.site.pue.find((row) => row.window === name)?.text.zh;
  expect(text('24h')).toMatch(/^1\.241 ± 0\.010，不高于年度目标 1\.25/);
  expect(text('1h')).toMatch(/^1\.241，不高于/);
  expect(found.zh).toContain('1.241 ± 0.010');
  expect(found.en.match(/±/g)?.length).toBe(2); // the figure and its explanation
});

test('a band is rounded up: a small one is not none', () => {
  expect([0.0001, 0.0096, 0.01].map(band)).toEqual(['0.001', '0.010', '0.010']);
});

test('what was closed by hand and what a backup meter stood in for is said beside what was bridged', async () => {
  const found = await shown((emit) => {
    emit(pue.pueManualSeconds, { site, window, side: 'facility' }, 7200);
    emit(pue.pueSubstitutedSeconds, { site, window, side: 'facility' }, 10_800);
    emit(pue.pueSubstitutedSeconds, { site, window, side: 'it' }, 0);
  });
  expect(found.zh).toContain('跨缺口补记 2 小时 30 分钟，人工抄表补足 2 小时，后备表推算 3 小时');
  expect(found.en).toContain(
    '2 h 30 min bridged across gaps, 2 h closed by hand readings, 3 h calculated from a backup meter',
  );
});

describe('halls', () => {
  const halls = [{ id: 'h1', site, name: { zh: '甲楼', en: 'Hall A' } }];
  const plan: Plan = { ...declared, estate: { ...declared.estate, halls } };
  const labels = { site, hall: 'h1', window };

  test('stand with their partial PUE, or with the reason', async () => {
    const { site: found, zh } = await shown((emit) => {
      const edition = declared.profiles.pue_edition;
      emit(pue.puePartialRatio, { ...labels, category: '1', edition }, 1.108);
      emit(pue.puePartialUnavailable, { ...labels, window: '30d', reason: 'young' }, 1);
    }, plan);
    expect(found.halls[0]?.pue.find((row) => row.window === '30d')).toMatchObject({ ratio: null, reason: 'young' });
    expect(zh).toMatch(/机房模块的部分 PUE.*甲楼 无读数 1\.108 – 无读数/);
  });

  test('are no section where a site declares none', async () => {
    expect((await shown(() => {})).en).not.toContain('Partial PUE');
  });
});

test('the grade of GB 40879 stands with its own ratio', async () => {
  const found = await shown((emit) => {
    emit(pue.gb40879Ratio, { site, basis: 'indicative' }, 1.2341);
    emit(pue.gb40879Grade, { site, basis: 'indicative' }, 2);
  });
  expect(found.zh).toContain('GB 40879-2021 电能比 1.234，2 级（参考值：不足一整年）。');
  expect((await shown(() => {})).en).not.toContain('GB 40879');
});
