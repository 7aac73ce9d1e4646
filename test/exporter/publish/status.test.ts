import { describe, expect, test } from 'vitest';
import { closureSuspect } from '../../../model/metrics/closure.ts';
import * as compute from '../../../model/metrics/compute.ts';
import * as energy from '../../../model/metrics/energy.ts';
import { catalogue } from '../../../model/metrics/index.ts';
import { meterInfo, siteInfo } from '../../../model/metrics/info.ts';
import * as metrics from '../../../model/metrics/plan.ts';
import * as self from '../../../model/metrics/self.ts';
import { sourceRefusing } from '../../../model/metrics/source.ts';
import { Board, type Cycle } from '../../../exporter/publish/exposition.ts';
import { page } from '../../../exporter/publish/page/page.ts';
import { status, type Status } from '../../../exporter/publish/status.ts';
import { percent } from '../../../exporter/publish/status/figure.ts';
import { emitScene, declared, NOW, sceneSnapshot } from './made-up.ts';
import { readText } from './read-text.ts';

const minutes = status(await sceneSnapshot({ down: ['nc-ups-2', 'py-910a'] }), declared, NOW);
const daysSnapshot = await sceneSnapshot({ days: true });
const days = status(daysSnapshot, declared, NOW);

async function statusOf(emit: (cycle: Cycle) => void, now = NOW): Promise<Status> {
  const cycle = new Board({ catalogue, clock: { wall: () => NOW } }).begin();
  emit(cycle);
  return status(await cycle.finish(), declared, now);
}

describe('figures are those of /metrics', () => {
  const lines = readText(Buffer.concat(daysSnapshot.text.plain).toString());
  /** The value of the one line with these labels, as text says it; null where there is none. */
  const on = (name: string, labels: Record<string, string>): number | null => {
    const found = lines.filter(
      (line) => line.name === name && Object.entries(labels).every(([label, value]) => line.labels[label] === value),
    );
    expect(found.length, `${name} ${JSON.stringify(labels)}`).toBeLessThan(2);
    return found[0] ? Number(found[0].value) : null;
  };

  test.each(['nanchang', 'poyang'])('site %s', (id) => {
    const site = days.sites.find((one) => one.id === id);
    if (!site) throw new Error(`no site ${id}`);
    for (const side of ['facility', 'it'] as const) {
      expect(site.energyJoules[side]).toBe(on('greenflops_site_energy_joules_total', { site: id, side }));
    }
    expect(site.pueTarget).toBe(on('greenflops_pue_target_ratio', { site: id }));
    expect(site.pue.map(({ window }) => window)).toEqual(['1h', '24h', '30d', 'ytd', '12mo']);
    for (const { window, ratio, coverage, bridgedSeconds, coveredSeconds, energyJoules, firstAt, reason } of site.pue) {
      expect(ratio).toBe(on('greenflops_pue_ratio', { site: id, window }));
      expect(coverage).toBe(on('greenflops_pue_coverage_ratio', { site: id, window }));
      for (const side of ['facility', 'it'] as const) {
        const labels = { site: id, window, side };
        expect(energyJoules[side]).toBe(on('greenflops_pue_energy_joules', labels));
        expect(coveredSeconds[side]).toBe(on('greenflops_pue_covered_seconds', labels));
        expect(bridgedSeconds[side]).toBe(on('greenflops_pue_bridged_seconds', labels));
      }
      const first = on('greenflops_pue_first_timestamp_seconds', { site: id, window });
      expect(firstAt).toBe(first === null ? null : first * 1000);
      expect(on('greenflops_pue_unavailable', { site: id, window })).toBe(reason === null ? null : 1);
    }
    expect(site.pools.length).toBe(2);
    for (const pool of site.pools) {
      expect(pool.steps.length).toBe(6);
      for (const { pflops, ...labels } of pool.steps) {
        expect(pflops).toBe(on('greenflops_compute_pflops', { site: id, pool: pool.id, ...labels }));
      }
    }
    expect(site.work.length).toBeGreaterThan(0);
    for (const { pflopSeconds, pool, tenant, action, precision, tier } of site.work) {
      const labels = { site: id, pool, tenant, action, precision, tier };
      expect(pflopSeconds).toBe(on('greenflops_compute_pflop_seconds_total', labels));
    }
  });

  test('power is the sum of what the boundary and the topmost IT meters read', () => {
    const power = (...meters: string[]): number =>
      meters.reduce((sum, meter) => sum + (on('greenflops_power_watts', { meter }) ?? NaN), 0);
    expect(days.sites.map(({ powerWatts }) => powerWatts)).toEqual([
      { facility: power('nc-gate'), it: power('nc-ups-1', 'nc-ups-2') },
      { facility: power('py-gate', 'py-pv'), it: power('py-ups') },
    ]);
  });

  test('targets', () => {
    expect(days.targets.length).toBe(declared.promise.targets.length);
    for (const { id, milestone, target, actual, required, requiredLinear } of days.targets) {
      const labels = { target: id, milestone };
      expect(target).toBe(on('greenflops_plan_target', labels));
      expect(actual).toBe(on('greenflops_plan_actual', labels));
      expect(required).toBe(on('greenflops_plan_required', labels));
      expect(requiredLinear).toBe(on('greenflops_plan_required_linear', labels));
    }
  });
});

describe('in words', () => {
  test('how far computing power has come', () => {
    expect(days.headline).toEqual({
      en: 'On the way to 5,000 PFlops: 93.5 PFlops nominal, 1.9 % of the goal; 1,463 PFlops required today: 1,370 PFlops behind',
      zh: '迈向 5,000 PFlops：标称算力 93.5 PFlops，完成 1.9 %；今天应有 1,463 PFlops，落后 1,370 PFlops',
    });
  });

  test('why there is no PUE, and when the first one can be', () => {
    const [nanchang] = minutes.sites;
    expect(nanchang?.text.en).toBe(
      'Facility power: 417 kW; IT power: no reading. No PUE yet: the first full hour ends at 11:00.',
    );
    expect(nanchang?.text.zh).toContain('尚无 PUE：第一个整点小时到 11:00 结束。');
    const text = (window: string) => nanchang?.pue.find((row) => row.window === window)?.text;
    expect(text('24h')?.en).toBe('the ledger reaches back over the whole window at 11:23 at the earliest');
    // These begin when metering does: nothing has to fill before they count.
    for (const window of ['ytd', '12mo']) {
      expect(text(window)?.en).toBe('counts from the first full hour on, which ends at 11:00');
      expect(text(window)?.zh).toBe('自第一个整点小时起计，该小时到 11:00 结束');
    }
  });

  test('a PUE against its target, its kind, and what was bridged', () => {
    const [nanchang, poyang] = days.sites;
    const text = (site: typeof nanchang, window: string) => site?.pue.find((row) => row.window === window)?.text;
    expect(text(nanchang, '24h')?.en).toBe(
      '1.241, within the annual target of 1.25, interim (less than a year), of it 2 h 30 min bridged across gaps',
    );
    expect(text(poyang, '1h')?.zh).toBe('1.327，高于年度目标 1.3，期中值（不足一年）');
    expect(nanchang?.text.en).toContain('PUE of this year so far: 1.241');
  });

  test('which sources are down, since when and of what', () => {
    expect(minutes.sourcesDown.map(({ text }) => text.en)).toEqual([
      'Nanchang UPS 2 output: no answer since 10:15; failed reads: timeout ×92',
      'Poyang Lake Ascend 910A pool: no answer since the exporter started; failed reads: connection refused ×7',
    ]);
    expect(minutes.warnings).toEqual(minutes.sourcesDown.map(({ text }) => text));
    expect(days.warnings).toEqual([]);
  });
});

describe('absent is not zero', () => {
  test('a meter without a reading takes the sum of its side with it', () => {
    expect(minutes.sites[0]?.powerWatts.it).toBeNull();
    expect(minutes.sites[0]?.powerWatts.facility).not.toBeNull();
  });

  test('of an empty snapshot nothing is said but that', async () => {
    const empty = await statusOf(() => {});
    expect(empty).toMatchObject({ sites: [], sourcesDown: [], sources: 0, headline: null, version: null });
    expect(empty.targets.every(({ actual, target, progress }) => (actual ?? target ?? progress) === null)).toBe(true);
    expect(empty.ledger).toMatchObject({ up: null, lastCommit: null });
  });

  test('a target without a count has none', async () => {
    const target = declared.promise.targets.find(({ counts }) => counts.from === 'compute');
    const found = await statusOf(({ emit }) =>
      emit(metrics.planTarget, { target: target?.id ?? '', milestone: target?.milestone ?? '' }, 5000),
    );
    expect(found.headline?.en).toBe('On the way to 5,000 PFlops: no reading of computing power');
  });
});

test('what is exported is not used: import + generation - export', async () => {
  const names = { name_zh: '一', name_en: 'one' };
  const { sites } = await statusOf(({ emit }) => {
    emit(siteInfo, { site: 's', ...names, demo: 'false', profile: 'p', grid: 'g' }, 1);
    for (const [meter, direction, watts] of [
      ['in', 'import', 500],
      ['pv', 'generation', 200],
      ['out', 'export', 50],
    ] as const) {
      emit(meterInfo, { site: 's', meter, ...names, direction, side: 'facility', category: '', serial: '' }, 1);
      emit(energy.powerWatts, { site: 's', meter, role: 'facility' }, watts);
    }
  });
  expect(sites[0]?.powerWatts).toEqual({ facility: 650, it: null });
  expect(sites[0]?.demo).toBe(false);
});

test('whose last answer was not believed, once a source, and what is only a note', async () => {
  const now = await statusOf((cycle) => {
    emitScene(cycle.emit);
    const refusing = (source: string, reason: string): void =>
      cycle.emit(sourceRefusing, { site: 'nanchang', source, reason }, 1);
    refusing('nc-gate', 'above_range');
    refusing('nc-gate', 'counter_jumped');
    refusing('nc-910b', 'impossible_timestamp');
    refusing('nc-pdu-1', 'ignored_timestamp');
    refusing('nc-a800', 'wrong_model');
    refusing('nc-a800', 'duplicate');
    cycle.emit(compute.unknownAccelerator, { site: 'nanchang', pool: 'nc-a800', model: 'H999' }, 8);
  });
  expect(now.warnings).toEqual([
    {
      zh: '南昌总进线：最近一次应答未被全部采信：高于额定功率或量程允许的范围；寄存器跳升，超过额定功率所能产生的电量',
      en: 'Nanchang gate: the last answer was not believed, or not wholly: above what rated power or range allows; the register rose by more than rated power can deliver',
    },
    expect.objectContaining({
      en: 'Nanchang A800 pool: the last answer was not believed, or not wholly: one device gave two different values of one metric',
    }),
    expect.objectContaining({ en: expect.stringContaining('8 devices report model "H999"') }),
  ]);
  expect(page(now, 'en')).not.toContain('All is well');
});

test('a suspicion is said in words, with the name of what it is about', async () => {
  const now = await statusOf((cycle) => {
    emitScene(cycle.emit);
    const none = { site: 'nanchang', pool: '', meter: '' };
    cycle.emit(closureSuspect, { ...none, pool: 'nc-a800', suspect: 'slices_as_cards' }, 1);
    cycle.emit(closureSuspect, { ...none, meter: 'nc-gate', suspect: 'meter_children_exceed' }, 1);
    cycle.emit(closureSuspect, { ...none, suspect: 'boundary_missing' }, 1);
  });
  expect(now.warnings.map(({ en }) => en.split(';')[0])).toEqual([
    'Nanchang A800 pool: energies do not close',
    'Nanchang gate: energies do not close',
    expect.stringMatching(/^Nanchang .*Centre: energies do not close$/),
  ]);
  expect(now.warnings[0]?.zh).toContain('切片被当作整卡');
});

test('a share that is there is never shown as nothing', () => {
  expect([0, 0.00041, 0.0005, 0.019].map(percent)).toEqual(['0.0 %', '< 0.1 %', '0.1 %', '1.9 %']);
});

test('what needs attention: old figures, a stuck ledger, unknown models, dropped series, a broken declaration, an open door', async () => {
  const { warnings } = await statusOf((cycle) => {
    emitScene((metric, labels, value) => {
      if (metric.name !== self.ledgerUp.name) cycle.emit(metric, labels, value);
    });
    cycle.emit(self.ledgerUp, {}, 0);
    cycle.emit(self.insecureBind, {}, 1);
    cycle.emit(self.reloadSuccess, {}, 0);
    cycle.emit(compute.unknownAccelerator, { site: 'nanchang', pool: 'nc-a800', model: 'H999 <b>' }, 8);
  }, NOW + 3_600_000);
  expect(warnings.map(({ en }) => en)).toEqual([
    'These figures are 1 h old: no cycle has finished since',
    'The ledger cannot be written; last commit 10:39: totals stand still since then',
    'Nanchang A800 pool: 8 devices report model "H999 <b>", which is not in the catalogue or not declared: no PFlops counted',
    'The declaration on disk has faults, the one before is still in use: see declaration_fault in the log, or run greenflops check',
    'The exporter listens beyond this machine without TLS or authentication',
  ]);
});
