import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { shown } from '../evidence.ts';
import { root, type Scene } from './scene.ts';

interface Found {
  readonly items: readonly { readonly data: Readonly<Record<string, string>> }[];
}

/** Grafana's sidecar writes every file that it finds under the label; those are what was built, to the byte. */
export async function boards({ stage }: Scene): Promise<void> {
  const found = await stage.accepted(['get', 'configmap', '-A', '-l', 'grafana_dashboard=1', '-o', 'json']);
  const stored = (JSON.parse(found) as Found).items.flatMap(({ data }) => Object.entries(data));
  const built = globSync('dashboards/generated/*/*.json', { cwd: root }).map((path): [string, string] => [
    path.replace(/^.*\/(\w+)\/(.*)\.json$/, '$2-$1.json'),
    readFileSync(join(root, path), 'utf8'),
  ]);
  assert.ok(built.length > 2, 'boards were built');
  assert.equal(stored.length, built.length, 'no file of the sidecar overwrites another');
  assert.deepEqual(new Map(stored), new Map(built));
  const text = stored.map(([, one]) => one).join('');
  assert.ok(text.includes('${'), 'the boards hold what Terraform would read as a template');
  shown('ConfigMap', 'behaves', 'monitoring: the exporter reads the declaration from it; the boards are those built');
}
