import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { everyObject, settled, versions } from '../apply.ts';
import { shown } from '../evidence.ts';
import { HASH, scraper, webConfig, type Scene } from './scene.ts';

export async function accepted({ stage, files }: Scene): Promise<void> {
  await everyObject(stage);
  for (const { objects } of files) for (const { kind } of objects) shown(kind, 'applied', 'monitoring');
}

/** The first write after a claim's creation stores its phase and changes nothing that can be seen: see apply.ts. */
export async function unchanged({ stage, files }: Scene): Promise<void> {
  const apply = async () => {
    for (const { path } of files) await stage.accepted(['apply', '--server-side', '-f', path]);
    return Promise.all(files.map(({ path }) => versions(stage, path)));
  };
  await settled(stage);
  assert.deepEqual(await apply(), await apply());
  for (const { objects } of files) for (const { kind } of objects) shown(kind, 'unchanged', 'monitoring');
}

/** No Secret is rendered; the pod and the ServiceMonitor name those that the operator makes. */
export async function secretsByReference({ stage, devices, telemetry }: Scene): Promise<void> {
  assert.deepEqual(stage.objects('Secret'), []);
  const all = {
    'greenflops-web': { 'web-config.yml': webConfig },
    'greenflops-scrape': scraper,
    'greenflops-sources': devices.secrets,
  };
  for (const [name, data] of Object.entries(all)) {
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: 'greenflops' }, stringData: data };
    await stage.accepted(['create', '-f', '-'], secret);
  }
  const text = readFileSync(telemetry.path, 'utf8');
  const named = [...text.matchAll(/(?:secretName|name): (greenflops-(?:web|scrape|sources))$/gm)];
  assert.deepEqual(new Set(named.map(([, name]) => name)), new Set(Object.keys(all)));
  for (const words of [scraper.password, HASH])
    for (const { path } of stage.files)
      assert.ok(!readFileSync(path, 'utf8').includes(words), `${path} holds a secret`);
}
