import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { declaredStacks } from '../../infra/declared.ts';
import { objectsOf, replaced, stacksOf } from './estates.ts';

const shipped = declaredStacks('plan');
const telemetry = objectsOf(shipped, 'nc-a-telemetry');

test("the exporter's pod may do nothing but read the declared devices and write its ledger", () => {
  expect(telemetry.get('StatefulSet greenflops/greenflops-exporter')).toMatchObject({
    spec: {
      replicas: 1,
      template: {
        spec: {
          automountServiceAccountToken: false,
          securityContext: { runAsNonRoot: true, runAsUser: 65534, seccompProfile: { type: 'RuntimeDefault' } },
          containers: [
            {
              image: expect.stringMatching(/@sha256:[0-9a-f]{64}$/),
              args: expect.arrayContaining(['--site=nanchang', '--web.config.file=/etc/greenflops/web/web-config.yml']),
              securityContext: {
                runAsNonRoot: true,
                privileged: false,
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ['ALL'] },
              },
              livenessProbe: { httpGet: { path: '/-/healthy', port: 'http', scheme: 'HTTP' } },
            },
          ],
          volumes: [
            { name: 'plan', configMap: { name: 'greenflops-exporter-plan' } },
            { name: 'web', secret: { secretName: 'greenflops-web', optional: false } },
            { name: 'ledger', persistentVolumeClaim: { claimName: 'greenflops-ledger' } },
            { name: 'tmp', emptyDir: {} },
          ],
        },
      },
    },
  });
  expect(telemetry.get('NetworkPolicy greenflops/to-sources')).toHaveProperty('spec.egress', [
    { to: [{ ipBlock: { cidr: '127.0.0.1/32' } }], ports: [{ protocol: 'TCP', port: 19502 }] },
    { to: [{ ipBlock: { cidr: '127.0.0.1/32' } }], ports: [{ protocol: 'TCP', port: 19400 }] },
  ]);
  expect(telemetry.get('NetworkPolicy greenflops/from-monitoring')).toHaveProperty('spec.ingress', [
    {
      from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } }],
      ports: [{ protocol: 'TCP', port: 9960 }],
    },
  ]);
});

test("the exporter's namespace, volume and pod say that their data are general, where the cluster may hold such data", () => {
  const classOf = (declared: typeof shipped, cluster: string) => {
    const ledger = objectsOf(declared, `${cluster}-ledger`);
    return [
      ledger.get('Namespace greenflops'),
      ledger.get('PersistentVolumeClaim greenflops/greenflops-ledger'),
      JSON.parse(
        JSON.stringify(objectsOf(declared, `${cluster}-telemetry`).get('StatefulSet greenflops/greenflops-exporter')),
      ).spec.template,
    ].map((object) => object?.metadata.labels?.['greenflops.io/data-class']);
  };
  expect(classOf(shipped, 'nc-a')).toEqual(['general', 'general', 'general']);
  const row =
    '{ id: vault, site: nanchang, context: v, jurisdiction: jiangxi, data_classes: [important], exporter: true }';
  const strict = stacksOf(replaced('\nclusters:\n', `\nclusters:\n  - ${row}\n`));
  expect(classOf(strict, 'vault')).toEqual([undefined, undefined, undefined]);
});

test("the image's heap and its files fit into what the pod gives it", () => {
  const image = readFileSync('exporter/ship/Containerfile', 'utf8');
  const pod = JSON.stringify(telemetry.get('StatefulSet greenflops/greenflops-exporter'));
  const heap = Number(/--max-old-space-size=(\d+)/.exec(image)?.[1]);
  const limit = Number(/"limits":\{[^}]*"memory":"(\d+)Mi"/.exec(pod)?.[1]);
  expect(limit - heap).toBeGreaterThanOrEqual(100); // code, SQLite, buffers
  expect(image).toContain('USER 65534:65534');
  for (const path of ['/etc/greenflops/plan', '/var/lib/greenflops']) {
    expect(image).toContain(path);
    expect(pod).toContain(`"mountPath":"${path}"`);
  }
});

test('a Service of the cluster is reached by its namespace, an IPv6 address by itself, a standard port by its scheme', () => {
  const stacks = stacksOf((estate) =>
    replaced(
      'http://127.0.0.1:19400/nc-910b/metrics',
      'http://[fd00::9]/metrics',
    )(
      replaced(
        'http://127.0.0.1:19400/nc-a800/metrics',
        'http://dcgm.gpu-operator.svc.cluster.local:9400/metrics',
      )(estate),
    ),
  );
  expect(objectsOf(stacks, 'nc-a-telemetry').get('NetworkPolicy greenflops/to-sources')).toHaveProperty('spec.egress', [
    { to: [{ ipBlock: { cidr: '127.0.0.1/32' } }], ports: [{ protocol: 'TCP', port: 19502 }] },
    {
      to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'gpu-operator' } } }],
      ports: [{ protocol: 'TCP' }],
    },
    { to: [{ ipBlock: { cidr: 'fd00::9/128' } }], ports: [{ protocol: 'TCP', port: 80 }] },
  ]);
});

test('another declaration starts the exporter anew; one of another site does not', () => {
  const hash = (stacks = shipped) =>
    /"greenflops\.io\/plan-sha256":"(\w{64})"/.exec(
      JSON.stringify(objectsOf(stacks, 'nc-a-telemetry').get('StatefulSet greenflops/greenflops-exporter')),
    )?.[1];
  expect(hash()).toBeDefined();
  expect(hash(stacksOf(replaced('it_rated_kw: 160', 'it_rated_kw: 401')))).not.toBe(hash());
  expect(hash(stacksOf(replaced('it_rated_kw: 100', 'it_rated_kw: 301')))).toBe(hash());
});

test('no stack makes a Secret', () => {
  const kinds = new Set(shipped.flatMap(({ objects }) => objects.map(({ kind }) => kind)));
  expect(kinds).not.toContain('Secret');
});

test("the ledger's volume is as large and of the class that the estate says; without one it gets a class that keeps volumes", () => {
  const own = objectsOf(shipped, 'nc-a-ledger');
  expect(own.get('StorageClass greenflops-ledger')).toMatchObject({ reclaimPolicy: 'Retain' });
  expect(own.get('PersistentVolumeClaim greenflops/greenflops-ledger')).toMatchObject({
    spec: { storageClassName: 'greenflops-ledger', resources: { requests: { storage: '10Gi' } } },
  });
  const named = objectsOf(
    stacksOf(replaced('telemetry: { image', 'telemetry: { ledger: { storage: 20Gi, storage_class: local-ssd }, image')),
    'nc-a-ledger',
  );
  expect([...named.keys()]).toEqual(['Namespace greenflops', 'PersistentVolumeClaim greenflops/greenflops-ledger']);
  expect(named.get('PersistentVolumeClaim greenflops/greenflops-ledger')).toMatchObject({
    spec: { storageClassName: 'local-ssd', resources: { requests: { storage: '20Gi' } } },
  });
});
