import { catalogue } from '../../../model/metrics/index.ts';
import * as compute from '../../../model/metrics/compute.ts';
import * as energy from '../../../model/metrics/energy.ts';
import type { Emit } from '../../../model/metrics/metric.ts';
import * as plan from '../../../model/metrics/plan.ts';
import * as pue from '../../../model/metrics/pue.ts';
import * as self from '../../../model/metrics/self.ts';
import * as source from '../../../model/metrics/source.ts';
import { loadPlan } from '../../../model/load.ts';
import { emitInfo } from '../../../exporter/account/emit-info.ts';
import { Board } from '../../../exporter/publish/exposition.ts';
import type { Snapshot } from '../../../exporter/publish/snapshot.ts';

/** 2026-10-20 10:40 in China. */
export const NOW = Date.parse('2026-10-20T02:40:00Z');
export const declared = loadPlan('plan');

/** The demonstration estate after some minutes or after some days. All figures are made up. */
export interface Scene {
  readonly days?: boolean;
  /** Sources that do not answer */
  readonly down?: readonly string[];
}

function emitPue(emit: Emit, site: string, days: boolean): void {
  emit(pue.pueTargetRatio, { site }, site === 'nanchang' ? 1.25 : 1.3);
  emit(pue.pueAllowanceRatio, { site }, site === 'nanchang' ? 1.25 : 1.3);
  const has = { '1h': days, '24h': days, '30d': false, ytd: days, '12mo': false };
  const first = { '1h': 20, '24h': 43, '30d': 738, ytd: 20, '12mo': 20 };
  for (const [window, there] of Object.entries(has)) {
    if (!there) {
      emit(pue.pueUnavailable, { site, window, reason: 'young' }, 1);
      const hours = first[window as keyof typeof first];
      emit(pue.pueFirstTimestamp, { site, window }, NOW / 1000 + hours * 60);
      continue;
    }
    const joules = { facility: site === 'nanchang' ? 1.241 : 1.327, it: 1 };
    const edition = declared.profiles.pue_edition;
    emit(pue.pueRatio, { site, window, kind: 'interim', category: '1', edition }, joules.facility / joules.it);
    emit(pue.pueCoverageRatio, { site, window }, window === '24h' ? 0.9873 : 1);
    for (const side of ['facility', 'it'] as const) {
      emit(pue.pueEnergyJoules, { site, window, side }, { units: BigInt(Math.round(joules[side] * 1e12)), digits: 3 });
      emit(pue.pueCoveredSeconds, { site, window, side }, 3600);
      emit(pue.pueBridgedSeconds, { site, window, side }, window === '24h' && side === 'it' ? 9000 : 0);
    }
  }
}

function emitCompute(emit: Emit, site: string, days: boolean, down: readonly string[]): void {
  const clusters = new Set(declared.estate.clusters.filter((row) => row.site === site).map(({ id }) => id));
  for (const pool of declared.estate.pools.filter(({ cluster }) => clusters.has(cluster))) {
    const peak = declared.accelerators.get(pool.accelerator)?.peak_tflops.fp16 ?? 0;
    const nominal = (pool.count * peak) / 1000;
    const dcgm = pool.telemetry?.family === 'dcgm';
    const labels = { site, pool: pool.id, precision: 'fp16' };
    emit(compute.computePflops, { ...labels, step: 'nominal', tier: 'none' }, nominal);
    if (down.includes(pool.id)) continue;
    const shares = { racked: 1, healthy: 0.984, allocated: 0.75, busy: 0.5 };
    for (const [step, share] of Object.entries(shares)) {
      emit(compute.computePflops, { ...labels, step, tier: 'none' }, nominal * share);
    }
    emit(compute.computePflops, { ...labels, step: 'delivered', tier: dcgm ? 'T1' : 'T3' }, nominal * 0.31);
    const tenant = declared.estate.tenants.find(({ quota }) => quota.some((row) => row.pool === pool.id));
    if (!tenant) continue;
    const work = { site, pool: pool.id, precision: 'fp16', tier: dcgm ? 'T1' : 'T3' };
    const gflop = BigInt(Math.round(nominal * 0.31 * (days ? 260_000 : 400))) * 1_000_000n + 123_456n;
    emit(
      compute.computePflopSeconds,
      { ...work, tenant: tenant.id, action: tenant.action },
      { units: gflop, digits: 6 },
    );
    emit(
      compute.computePflopSeconds,
      { ...work, tenant: 'unassigned', action: 'none' },
      { units: gflop / 40n, digits: 6 },
    );
  }
}

function emitSources(emit: Emit, down: readonly string[]): void {
  for (const meter of declared.estate.meters) {
    const { id, site, role, carrier, rated_kw: rated } = meter;
    const up = !down.includes(id);
    emit(source.sourceUp, { site, source: id }, up ? 1 : 0);
    emit(source.sourceLastSuccess, { site, source: id }, NOW / 1000 - (up ? 3 : 1500));
    if (up) emit(energy.powerWatts, { site, meter: id, role }, rated * 463.7);
    else emit(source.sourceFailures, { site, source: id, failure: 'timeout' }, 92);
    emit(
      energy.energyJoules,
      { site, meter: id, role, carrier, evidence: 'measured' },
      { units: 123_456_789_012_345n, digits: 3 },
    );
    emit(energy.meterUnmeteredSeconds, { site, meter: id }, up ? 0 : 1485);
  }
  for (const { id, cluster } of declared.estate.pools) {
    const site = declared.estate.clusters.find((row) => row.id === cluster)?.site ?? '';
    emit(source.sourceUp, { site, source: id }, down.includes(id) ? 0 : 1);
    if (down.includes(id)) emit(source.sourceFailures, { site, source: id, failure: 'refused' }, 7);
  }
}

function emitPlan(emit: Emit, nominal: number): void {
  const actual: Record<string, number> = {
    'computing-service-scale': nominal,
    'labelling-bases': 1,
    'industry-datasets': 2,
    'industry-models': 1,
    incubators: 0,
    'lead-enterprises': 0,
  };
  for (const { id, milestone, value } of declared.promise.targets) {
    const labels = { target: id, milestone };
    emit(plan.planTarget, labels, value);
    if (actual[id] !== undefined) emit(plan.planActual, labels, actual[id]);
    if (id !== 'computing-service-scale') continue;
    emit(plan.planRequired, labels, 1463.25);
    emit(plan.planRequiredLinear, labels, 1771.8);
  }
}

/** Hands a whole scene to an emitter. */
export function emitScene(emit: Emit, { days = false, down = [] }: Scene = {}): void {
  const sites = declared.estate.sites.map(({ id }) => id);
  for (const site of sites) {
    emitPue(emit, site, days);
    emitCompute(emit, site, days, down);
    for (const side of ['facility', 'it'] as const) {
      const joules = side === 'it' ? 8_123_456_789n : 10_213_141_516n;
      emit(energy.siteEnergyJoules, { site, side }, { units: joules * (days ? 10_000n : 10n) + 7n, digits: 3 });
    }
  }
  emitSources(emit, down);
  emitPlan(emit, 93.5);
  emitInfo(declared, sites, NOW, emit);
  emit(self.buildInfo, { version: '0.1.0', plan_hash: declared.hash }, 1);
  emit(self.ledgerUp, {}, 1);
  emit(self.ledgerLastCommit, {}, NOW / 1000 - 2);
}

/** A finished cycle of the scene. */
export function sceneSnapshot(scene: Scene = {}): Promise<Snapshot> {
  const cycle = new Board({ catalogue, clock: { wall: () => NOW } }).begin();
  emitScene(cycle.emit, scene);
  return cycle.finish();
}
