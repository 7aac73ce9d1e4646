import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { allocationQuery } from '../../../exporter/read/allocation/allocation-query.ts';
import { openAllocations } from '../../../exporter/read/allocation/open-allocations.ts';
import { Gateways } from '../../../exporter/read/index.ts';
import { loadPlan } from '../../../model/load.ts';
import { allocationSource } from '../../../model/schema/sources.ts';

const { allocations: families, estate } = loadPlan('plan');
const GPU = 'nvidia.com/gpu';
const resources = new Set([GPU]);

describe('one query asks for the chips, the pods that are over, and whether the exporter is there', () => {
  test.each([
    [
      'kube-state-metrics',
      [
        String.raw`{__name__=~"kube_pod_container_resource_requests|kube_pod_init_container_resource_requests",unit="integer",resource=~"nvidia\\.com/gpu|nvidia_com_gpu",cluster="nc-a"}`,
        'kube_pod_init_container_info{restart_policy="Always",cluster="nc-a"}',
        'kube_pod_status_phase{phase="Succeeded",cluster="nc-a"} > 0',
        'kube_pod_status_phase{phase="Failed",cluster="nc-a"} > 0',
        'group by (__name__) (kube_pod_container_resource_requests{cluster="nc-a"})',
      ],
    ],
    [
      'hami',
      [
        'hami_vgpu_core_allocated_ratio{cluster="nc-a"}',
        'group by (__name__) ({__name__=~"hami_vgpu_core_allocated_ratio|hami_gpu_shared_count",cluster="nc-a"})',
      ],
    ],
  ])('%s', (id, parts) =>
    expect(allocationQuery(families.get(id)!, resources, ['cluster="nc-a"']).split(' or ')).toEqual(parts),
  );
});

/** As Prometheus 3 answers /api/v1/query (docs/querying/api.md). */
async function answered(result: readonly object[]) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(new URL(request.url ?? '', 'http://x').searchParams.get('query') ?? '');
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const source = allocationSource.parse({ protocol: 'prometheus', url, matchers: { cluster: 'nc-a' } });
  const family = families.get('kube-state-metrics')!;
  const reader = openAllocations(
    { ...estate.clusters[0]!, allocation: { family: family.id, source, every: 30_000 } },
    { family, wanted: { resources, labels: new Set() }, gateways: new Gateways(), maxAge: 1000 },
  );
  try {
    return { answer: await reader.read(AbortSignal.timeout(5000)), asked };
  } finally {
    await reader.close();
    server.close();
  }
}
const request = 'kube_pod_container_resource_requests';
const there = { metric: { __name__: request }, value: [1, '1'] };

test('what a Prometheus has is read like the text itself', async () => {
  const of = (pod: string, value: string) => ({
    metric: {
      __name__: request,
      cluster: 'nc-a',
      node: 'n',
      namespace: 'a',
      pod,
      resource: 'nvidia_com_gpu',
      unit: 'integer',
    },
    value: [1, value],
  });
  const over = { __name__: 'kube_pod_status_phase', cluster: 'nc-a', namespace: 'a', pod: 'done', phase: 'Succeeded' };
  const { answer, asked } = await answered([of('p', '2'), of('done', '4'), { metric: over, value: [1, '1'] }, there]);
  expect(answer.holds).toEqual([{ node: 'n', namespace: 'a', pod: 'p', device: null, resource: GPU, chips: 2 }]);
  expect(asked).toHaveLength(1);
});

test('what two replicas of a Prometheus say of one container is one', async () => {
  const of = (replica: string, labels: object) => ({
    metric: {
      __name__: request,
      prometheus_replica: replica,
      exported_namespace: 'a',
      exported_pod: 'p',
      exported_container: 'c',
      container: `ksm-${replica}`,
      namespace: 'mon',
      pod: `ksm-${replica}`,
      node: 'n',
      resource: 'nvidia_com_gpu',
      unit: 'integer',
      ...labels,
    },
    value: [1, '4'],
  });
  const sidecar = { __name__: 'kube_pod_init_container_resource_requests', exported_container: 'side' };
  const info = { __name__: 'kube_pod_init_container_info', exported_container: 'side', restart_policy: 'Always' };
  const { answer } = await answered(
    ['A', 'B'].flatMap((replica) => [{}, sidecar, info].map((one) => of(replica, one))),
  );
  expect(answer.holds).toEqual([{ node: 'n', namespace: 'a', pod: 'p', device: null, resource: GPU, chips: 8 }]);
});

test('an exporter that is there while nobody holds a chip, and one that is not', async () => {
  expect((await answered([there])).answer.holds).toEqual([]);
  await expect(answered([])).rejects.toThrow('no sample');
});
