import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { Exporter } from '../../exporter/exporter.ts';
import type { Snapshot } from '../../exporter/publish/snapshot.ts';
import { loadPlan } from '../../model/load.ts';
import type { Metric } from '../../model/metrics/metric.ts';
import {
  queueAdmissions,
  queuePflops,
  queueWaitSeconds,
  queueWorkloads,
  quotaEnforced,
  tenantQuota,
} from '../../model/metrics/queues.ts';
import { sourceFailures, sourceRefusing, sourceUp } from '../../model/metrics/source.ts';
import { planFolder } from '../plan-folder.ts';
import { recorded } from './judge/queue/scene.ts';

const EVERY = 15_000;
const folder = planFolder('');
afterAll(() => folder.remove());
const path = (name: string) => join(folder.dir, name);
const url = pathToFileURL(path('kueue.prom')).href;
writeFileSync(
  path('estate.yaml'),
  readFileSync('docs/scheduling/estate.yaml', 'utf8').replace(
    'kueue: { enabled: true, manage_config: true }',
    `kueue: { enabled: true, manage_config: true, metrics: { every: ${EVERY / 1000}s, source: { protocol: exposition, url: "${url}" } } }`,
  ),
);
const show = (text: string): void => writeFileSync(path('kueue.prom'), text);

test("what Kueue's controller said of the province's queues becomes PFlops by tenant, from the start to the scrape", async () => {
  const time = { now: Date.UTC(2026, 10, 30) };
  let snapshot: Snapshot | undefined;
  const exporter = new Exporter({
    plan: loadPlan(folder.dir),
    sites: ['nanchang'],
    ledger: path('ledger.db'),
    version: 'test',
    clock: { wall: () => time.now, mono: () => time.now },
    patienceMs: 10_000,
    publish: (made) => void (snapshot = made),
  });
  const beats = async (count: number) => {
    for (let i = 0; i < count; i++, time.now += EVERY) await exporter.beat();
  };
  const shown = (metric: Metric, ...labels: string[]) =>
    Object.fromEntries(
      (snapshot?.series(metric) ?? []).map((row) => [labels.map((label) => row.labels[label]).join(' '), row.value]),
    );
  const of = (tenant: string) =>
    Object.fromEntries(
      Object.entries(shown(queuePflops, 'source', 'tenant', 'state'))
        .filter(([key]) => key.startsWith(`nc-a ${tenant} `))
        .map(([key, value]) => [key.split(' ')[2], value]),
    );

  show(recorded('idle'));
  await beats(1);
  expect(shown(sourceUp, 'source')).toEqual({ 'nc-a/kueue': 1 });
  expect(shown(sourceRefusing, 'reason')).toEqual({});
  expect(of('copper-ai')).toEqual({ nominal: 20, borrowable: 10, reserved: 0, used: 0, pending: 0 });
  expect(shown(quotaEnforced, 'tenant')).toEqual({});
  expect(shown(queueAdmissions, 'source', 'tenant')).toEqual({
    'nc-a copper-ai': 0,
    'nc-a mine-rescue': 0,
    'nc-a small-firms': 0,
    'nc-a uni-lab': 0,
  });
  // Beside it what was promised, by the declaration.
  expect(shown(tenantQuota, 'tenant', 'pool', 'basis')).toMatchObject({
    'copper-ai nc-910b promised': 20,
    'copper-ai nc-910b compiled': 19.719,
    'small-firms any compiled': 5,
  });

  // Two jobs of 32 chips each run, which is more than its own and within what it may borrow; one of 64 waits.
  show(recorded('busy'));
  await beats(1);
  expect(of('copper-ai')).toEqual({ nominal: 20, borrowable: 10, reserved: 20.032, used: 20.032, pending: 20.032 });
  expect(of('uni-lab')).toEqual({ nominal: 10, borrowable: 0, reserved: 4.992, used: 4.992, pending: 0 });
  expect(shown(quotaEnforced, 'tenant')).toEqual({ 'copper-ai': 1, 'small-firms': 1, 'uni-lab': 1 });
  expect(shown(queueWorkloads, 'tenant', 'state')).toMatchObject({
    'copper-ai pending': 1,
    'copper-ai reserved': 2,
    'copper-ai admitted': 2,
  });
  expect(shown(queueAdmissions, 'tenant')).toEqual({
    'copper-ai': 2,
    'mine-rescue': 0,
    'small-firms': 1,
    'uni-lab': 1,
  });
  expect(shown(queueWaitSeconds, 'tenant')['copper-ai']).toBeGreaterThan(0);

  // The controller was started anew without its transformations: what it admits now is not charged, the job that waited
  // among it, and the tenant holds twice its quota.
  show(recorded('uncounted'));
  await beats(1);
  expect(shown(quotaEnforced, 'tenant')).toEqual({
    'copper-ai': 0, // two of its three jobs were charged before
    'mine-rescue': 0,
    'small-firms': 1, // admitted and charged before
    'uni-lab': 0, // one of its two jobs
  });
  expect(of('copper-ai')).toEqual({ nominal: 20, borrowable: 10, reserved: 40.064, used: 40.064, pending: 0 });
  expect(of('mine-rescue')).toMatchObject({ nominal: 12, used: 2.504 });
  expect(of('uni-lab')).toMatchObject({ used: 7.488 });
  expect(shown(queueAdmissions, 'tenant')['copper-ai']).toBe(3);

  // Started anew without enableClusterQueueResources: no figures, and not zeros.
  show(recorded('without-resources'));
  await beats(1);
  expect(shown(sourceRefusing, 'reason')).toEqual({ queue_resources_off: 1 });
  expect(shown(queuePflops, 'tenant')).toEqual({});
  expect(shown(quotaEnforced, 'tenant')).toEqual({});
  expect(shown(queueWorkloads, 'tenant', 'state')['copper-ai admitted']).toBe(3);

  // Something else answers: silent, and after five minutes nothing is shown of what was.
  show('up 1\n');
  await beats(3);
  expect(shown(sourceUp, 'source')).toEqual({ 'nc-a/kueue': 0 });
  expect(shown(sourceFailures, 'failure')).toHaveProperty('empty');
  expect(shown(queueWorkloads, 'tenant', 'state')['copper-ai admitted']).toBe(3);
  await beats(21);
  expect(shown(queueWorkloads, 'tenant')).toEqual({});
  expect(shown(queueAdmissions, 'tenant')).toEqual({});
  expect(shown(tenantQuota, 'tenant')).toHaveProperty('copper-ai');

  // Back, once the breaker tries again: what was counted before goes on.
  show(recorded('busy'));
  await beats(21);
  expect(shown(queueAdmissions, 'tenant')['copper-ai']).toBe(3);
  await exporter.stop();
});
