import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { anotherTelemetry } from './another.ts';
import { until, webConfig, type Scene } from './scene.ts';

const NAME = 'greenflops-exporter.greenflops.svc';

/** telemetry.tls: the exporter serves TLS by a web configuration that says so, and is probed and scraped by HTTPS. */
export async function withTls(scene: Scene): Promise<void> {
  const { stage, home, ports } = scene;
  assert.equal(await scene.running?.stop(), 0);
  const [key, cert] = [join(home, 'tls.key'), join(home, 'tls.crt')];
  const openssl = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=${NAME} -addext subjectAltName=DNS:${NAME} -keyout ${key} -out ${cert}`;
  await promisify(execFile)('openssl', openssl.split(' '));
  const ca = readFileSync(cert, 'utf8');
  await stage.accepted(['apply', '--server-side', '--force-conflicts', '-f', '-'], {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'greenflops-web', namespace: 'greenflops' },
    stringData: {
      'web-config.yml': `tls_server_config: { cert_file: tls.crt, key_file: tls.key }\n${webConfig}`,
      'tls.crt': ca,
      'tls.key': readFileSync(key, 'utf8'),
    },
  });
  const path = await anotherTelemetry(scene, 'tls', [['telemetry:\n  {\n', 'telemetry:\n  {\n    tls: true,\n']]);
  await stage.accepted(['delete', 'statefulset', 'greenflops-exporter', '-n', 'greenflops', '--timeout=60s']);
  await stage.accepted(['wait', '--for=delete', 'pod/greenflops-exporter-0', '-n', 'greenflops', '--timeout=60s']);
  await stage.accepted(['apply', '--server-side', '-f', path]);
  await stage.accepted(['wait', '--for=create', 'pod/greenflops-exporter-0', '-n', 'greenflops', '--timeout=30s']);

  const { pod } = await scene.start(ports[2]);
  const { path: healthy, scheme } = pod.spec.containers[0].livenessProbe.httpGet;
  assert.equal(scheme, 'HTTPS');
  assert.equal((await scene.ask(healthy, { password: false, ca })).status, 200);
  await assert.rejects(() => scene.ask(healthy, { password: false }), 'plain HTTP gets no answer');
  await until(
    'the meters are served by TLS',
    () => scene.ask('/metrics', { ca }),
    ({ status, text }) => status === 200 && text.includes('\ngreenflops_energy_joules_total{'),
  );
  const monitor = await stage.accepted([
    'get',
    'servicemonitor',
    'greenflops-exporter',
    '-n',
    'greenflops',
    '-o',
    'json',
  ]);
  const [endpoint] = (JSON.parse(monitor) as { spec: { endpoints: { scheme: string; tlsConfig: unknown }[] } }).spec
    .endpoints;
  assert.equal(endpoint?.scheme, 'https');
  assert.deepEqual(endpoint.tlsConfig, {
    ca: { secret: { name: 'greenflops-scrape', key: 'ca.crt' } },
    serverName: NAME,
  });
}
