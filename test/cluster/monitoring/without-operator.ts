import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { anotherTelemetry } from './another.ts';
import { scraper, type Scene } from './scene.ts';

/** Without operator and sidecar: one ConfigMap that a Prometheus of one's own loads. */
export async function withoutOperator(scene: Scene): Promise<void> {
  const { stage, home } = scene;
  const path = await anotherTelemetry(scene, 'without', [['operator: true, sidecar: true', 'namespace: watch']]);
  const dryRun = ['apply', '--server-side', '--force-conflicts', '--dry-run=server', '-o', 'json', '-f', path];
  const { items } = JSON.parse(await stage.accepted(dryRun)) as {
    items: { kind: string; metadata: { name: string }; spec?: unknown; data?: Record<string, string> }[];
  };
  const kinds = new Set(items.map(({ kind }) => kind));
  assert.ok(!kinds.has('ServiceMonitor') && !kinds.has('PrometheusRule'), [...kinds].join(' '));
  const policy = items.find(({ metadata }) => metadata.name === 'from-monitoring');
  assert.match(JSON.stringify(policy?.spec), /"kubernetes\.io\/metadata\.name":"watch"/);

  const folder = join(home, 'own-prometheus');
  mkdirSync(folder);
  const data = items.find(({ metadata }) => metadata.name === 'greenflops-prometheus')?.data ?? {};
  assert.deepEqual(Object.keys(data).toSorted(), ['greenflops-rules.yaml', 'greenflops-scrape.yaml']);
  // promtool looks for the files of the Secret, which a pod of Prometheus would mount.
  for (const [name, text] of Object.entries(data))
    writeFileSync(join(folder, name), text.replaceAll('/etc/prometheus/secrets/greenflops-scrape/', `${folder}/`));
  for (const [name, text] of Object.entries(scraper)) writeFileSync(join(folder, name), text);
  const config = { rule_files: ['greenflops-rules.yaml'], scrape_config_files: ['greenflops-scrape.yaml'] };
  await scene.promtool(['check', 'config', '--lint=all'], 'own-prometheus/prometheus.yml', JSON.stringify(config));
}
