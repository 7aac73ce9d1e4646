import assert from 'node:assert/strict';
import { shown } from '../evidence.ts';
import { ledgerFile, left } from '../stage.ts';
import { energyOf, meters, totals, until, valueOf, type Scene } from './scene.ts';

export async function runs(scene: Scene): Promise<void> {
  const { stage, devices, ports } = scene;
  const { pod } = await scene.start(ports[0]);
  const [container] = pod.spec.containers;
  const rendered = stage.objects('StatefulSet').map((one) => /"image":"([^"]+)"/.exec(JSON.stringify(one))?.[1]);
  assert.deepEqual([container.image], rendered);
  // As the kubelet asks: without a password.
  const { path, scheme } = container.livenessProbe.httpGet;
  assert.equal(scheme, 'HTTP');
  assert.equal((await scene.ask(path, { password: false })).status, 200);
  assert.equal((await scene.ask('/metrics', { password: false })).status, 401);
  const rows = await until(
    'both meters count',
    () => scene.metrics(),
    (all) => meters.every((meter) => energyOf(all, meter) > 0),
  );
  assert.deepEqual([...devices.communities()], [devices.secrets['ups-community']], 'the community of the Secret');
  assert.equal(valueOf(rows, 'greenflops_insecure_bind'), 0, 'it has a password');
}

/** By the token that the pod mounts, from the API server that issued it. */
export async function asksTheApi(scene: Scene): Promise<void> {
  const sources = async () =>
    new Map([...(await scene.metrics())].filter(([series]) => series.startsWith('greenflops_source_')));
  const up = (rows: ReadonlyMap<string, number>, source: string) =>
    valueOf(rows, 'greenflops_source_up', `source="${source}"`);
  const rows = await until('the Kubernetes API answers', sources, (all) => up(all, 'prove/allocation') === 1);
  assert.equal(up(rows, 'p-a800'), 0, 'a source that is not there is down and stops nobody');
}

/** Taken down with all but the ledger's file, and deployed again. */
export async function goesOn(scene: Scene): Promise<void> {
  const { stage, telemetry, ports, running } = scene;
  assert.ok(running, 'it ran');
  scene.before = totals(await scene.metrics());
  assert.equal(await running.stop(), 0);
  await stage.accepted(['delete', '-f', telemetry.path, '--timeout=60s']);
  assert.deepEqual(await left(stage, telemetry), []);
  await stage.accepted(['wait', '--for=delete', 'pod/greenflops-exporter-0', '-n', 'greenflops', '--timeout=60s']);
  for (const { kind } of telemetry.objects) shown(kind, 'removed', 'monitoring');
  const ledger = ledgerFile(stage);
  assert.equal((await left(stage, ledger)).length, ledger.objects.length, 'the ledger stays whole');
  for (const { kind } of ledger.objects) shown(kind, 'removed', 'monitoring: left where it must stay');

  await stage.accepted(['apply', '--server-side', '-f', telemetry.path]);
  await stage.accepted(['wait', '--for=create', 'pod/greenflops-exporter-0', '-n', 'greenflops', '--timeout=30s']);
  const again = await scene.start(ports[1]);
  assert.equal(again.ledger, running.ledger, 'the same claim');
  const served = async () => totals(await scene.metrics());
  const first = await until('totals are served', served, (all) => all.size > 0);
  neverBack(scene.before, first);
  const later = await until('both meters go on counting', served, (all) =>
    meters.every((meter) => energyOf(all, meter) > energyOf(first, meter)),
  );
  neverBack(first, later);
  shown('StatefulSet', 'behaves', 'monitoring: the exporter runs as it says, before and after a redeploy');
  shown('PersistentVolumeClaim', 'behaves', 'monitoring: the totals go on after destroy and deploy');
}

function neverBack(earlier: ReadonlyMap<string, number>, later: ReadonlyMap<string, number>): void {
  for (const [series, value] of earlier)
    assert.ok((later.get(series) ?? -1) >= value, `${series} was ${value} and is ${later.get(series)}`);
}
