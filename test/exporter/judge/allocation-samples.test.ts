import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { allocationsOf, metricsOf } from '../../../exporter/read/allocation/allocation-samples.ts';
import { openAllocations } from '../../../exporter/read/allocation/open-allocations.ts';
import { wantedOf } from '../../../exporter/read/allocation/wanted.ts';
import { parseExposition } from '../../../exporter/read/exposition/exposition.ts';
import { Gateways } from '../../../exporter/read/index.ts';
import { loadPlan } from '../../../model/load.ts';
import { allocationSource } from '../../../model/schema/sources.ts';

const { allocations: families } = loadPlan('plan');
const NPU = 'huawei.com/Ascend910';
const GPU = 'nvidia.com/gpu';
const resources = new Set([NPU, GPU]);
function read(id: string, text: string) {
  const family = families.get(id)!;
  const metrics = metricsOf(family);
  return allocationsOf(parseExposition(text, { format: 'text', keep: (name) => metrics.has(name) }), family, resources);
}
const of = (id: string, text: string) =>
  read(id, text).holds.map(({ node, namespace, pod, device, resource, chips }) => [
    node,
    namespace,
    pod,
    device,
    resource,
    chips,
  ]);

/** Labels and values by kubernetes/kube-state-metrics internal/store/pod_test.go and docs/metrics/workload/pod-metrics.md */
describe('kube-state-metrics', () => {
  const line = (pod: string, container: string, resource: string, unit: string, value: string, metric = 'container') =>
    `kube_pod_${metric}_resource_requests{namespace="ns1",pod="${pod}",uid="u",container="${container}",node="node1",resource="${resource}",unit="${unit}"} ${value}`;
  const text = [
    '# HELP kube_pod_container_resource_requests The number of requested request resource by a container.',
    '# TYPE kube_pod_container_resource_requests gauge',
    line('pod1', 'con1', 'cpu', 'core', '0.2'),
    line('pod1', 'con1', 'nvidia_com_gpu', 'integer', '1'),
    line('pod1', 'con2', 'nvidia_com_gpu', 'integer', '2'),
    line('pod2', 'con1', 'huawei_com_Ascend910', 'integer', '8'),
    line('pod3', 'con1', 'nvidia_com_gpu', 'integer', '4'),
    line('pod4', 'con1', 'nvidia_com_gpu', 'integer', '4'),
    line('pod5', 'con1', 'example_com_fpga', 'integer', '4'),
    'kube_pod_container_resource_requests{namespace="ns1",pod="waiting",container="c",node="",resource="nvidia_com_gpu",unit="integer"} 8',
    line('pod1', 'init', 'nvidia_com_gpu', 'integer', '2', 'init_container'),
    line('pod2', 'init', 'huawei_com_Ascend910', 'integer', '16', 'init_container'),
    ...['Pending', 'Running', 'Succeeded', 'Failed'].flatMap((phase) => [
      `kube_pod_status_phase{namespace="ns1",pod="pod1",uid="u",phase="${phase}"} ${phase === 'Running' ? 1 : 0}`,
      `kube_pod_status_phase{namespace="ns1",pod="pod3",uid="u",phase="${phase}"} ${phase === 'Succeeded' ? 1 : 0}`,
      `kube_pod_status_phase{namespace="ns1",pod="pod4",uid="u",phase="${phase}"} ${phase === 'Failed' ? 1 : 0}`,
    ]),
    '',
  ].join('\n');

  test('containers added up, init containers by the neediest, pods that are over left out', () =>
    expect(of('kube-state-metrics', text)).toEqual([
      ['node1', 'ns1', 'pod1', null, GPU, 3],
      ['node1', 'ns1', 'pod2', null, NPU, 16],
    ]));

  test('scraped without honor_labels: the exporter itself is not the workload', () => {
    const renamed =
      'kube_pod_container_resource_requests{namespace="monitoring",pod="kube-state-metrics-0",exported_namespace="ns1",exported_pod="pod1",container="kube-state-metrics",node="node1",resource="nvidia_com_gpu",unit="integer"} 1\n';
    expect(of('kube-state-metrics', renamed)).toEqual([['node1', 'ns1', 'pod1', null, GPU, 1]]);
  });

  const chips = (...lines: string[]) => of('kube-state-metrics', `${lines.join('\n')}\n`).map((hold) => hold.at(-1));
  const seenBy = (replica: string, told: string) => told.replace('{', `{instance="${replica}",job="ksm",`);

  test('what two replicas tell of one container counts once, the larger of what they tell; two containers are two', () => {
    const one = line('pod1', 'con1', 'nvidia_com_gpu', 'integer', '4');
    const two = line('pod1', 'con2', 'nvidia_com_gpu', 'integer', '2');
    const init = line('pod1', 'init', 'nvidia_com_gpu', 'integer', '5', 'init_container');
    expect(chips(seenBy('k1', one), seenBy('k2', one))).toEqual([4]);
    expect(chips(...['k1', 'k2'].flatMap((replica) => [one, two, init].map((told) => seenBy(replica, told))))).toEqual([
      6,
    ]);
    const other = line('pod1', 'con1', 'nvidia_com_gpu', 'integer', '3');
    expect(chips(seenBy('k1', one), seenBy('k2', other))).toEqual([4]);
    expect(chips(seenBy('k2', other), seenBy('k1', one))).toEqual([4]);
  });

  test('init containers that go on beside the others are added', () => {
    const main = line('pod1', 'con1', 'nvidia_com_gpu', 'integer', '4');
    const side = line('pod1', 'side', 'nvidia_com_gpu', 'integer', '3', 'init_container');
    const init = line('pod1', 'init', 'nvidia_com_gpu', 'integer', '5', 'init_container');
    const info = (pod: string, policy: string) =>
      `kube_pod_init_container_info{namespace="ns1",pod="${pod}",uid="u",container="side",image="i",restart_policy="${policy}"} 1`;
    expect(chips(main, side, init)).toEqual([5]);
    expect(chips(main, side, init, info('pod1', 'Always'))).toEqual([7]);
    expect(chips(main, side, init, info('pod1', ''))).toEqual([5]);
    expect(chips(main, side, init, info('pod2', 'Always'))).toEqual([5]);
    expect(chips(main, side.replace('unit=', 'restart_policy="Always",unit='))).toEqual([7]);
  });

  test('nobody holds a chip, and a text that is of something else', () => {
    expect(of('kube-state-metrics', `${line('p', 'c', 'cpu', 'core', '1')}\n`)).toEqual([]);
    expect(() => read('kube-state-metrics', 'node_load1 0.5\n')).toThrow(
      'no sample of kube_pod_container_resource_requests, the metrics of allocation family kube-state-metrics',
    );
  });

  test('what is no number is counted', () => {
    const { holds, rejected } = read('kube-state-metrics', `${line('p', 'c', 'nvidia_com_gpu', 'integer', 'NaN')}\n`);
    expect(holds).toEqual([]);
    expect([...rejected]).toEqual([['not_a_number', 1]]);
  });
});

/** kubernetes/kubernetes pkg/scheduler/metrics/resources/resources_test.go */
test("kube-scheduler's own reckoning", () => {
  const text = [
    'kube_pod_resource_request{namespace="test",node="node-one",pod="foo",priority="",resource="cpu",scheduler="",unit="cores"} 2',
    'kube_pod_resource_request{namespace="test",node="node-one",pod="foo",priority="",resource="huawei.com/Ascend910",scheduler="",unit="integer"} 4',
    'kube_pod_resource_request{namespace="test",node="",pod="bar",priority="",resource="huawei.com/Ascend910",scheduler="",unit="integer"} 4',
    '',
  ].join('\n');
  expect(of('kube-scheduler', text)).toEqual([['node-one', 'test', 'foo', null, NPU, 4]]);
});

/** Project-HAMi/HAMi cmd/scheduler/metrics.go, and the examples of Project-HAMi/website userguide/monitoring/device-allocation.md */
describe('HAMi', () => {
  const uuid = 'GPU-00552014-5c87-89ac-b1a6-7b53aa24b0ec';
  test('its new names: per cents of a card, 0 for no limit', () => {
    const line = (pod: string, value: number) =>
      `hami_vgpu_core_allocated_ratio{container_index="0",device_uuid="${uuid}",namespace="default",node="aio-node67",pod="${pod}",zone="vGPU"} ${value}`;
    expect(of('hami', `${line('third', 30)}\n${line('unlimited', 0)}\n`)).toEqual([
      ['aio-node67', 'default', 'third', uuid, null, 0.3],
      ['aio-node67', 'default', 'unlimited', uuid, null, 1],
    ]);
    // Behind a Prometheus `container` is the scheduler's own, on the lines of all containers.
    const scraped = line('p', 30).replace('{', '{container="scheduler",');
    const second = scraped.replace('container_index="0"', 'container_index="1"');
    expect(of('hami', `${scraped}\n${second}\n`)).toEqual([['aio-node67', 'default', 'p', uuid, null, 0.6]]);
    expect(of('hami', `hami_gpu_shared_count{node="n",device_uuid="${uuid}"} 0\n`)).toEqual([]);
  });

  test.each([
    ['hami-legacy', 'vGPUCoreAllocated'],
    ['hami-percentage', 'vGPUCorePercentage'],
  ])('%s', (id, metric) => {
    const line = (containeridx: string) =>
      `${metric}{containeridx="${containeridx}",deviceuuid="aio-node74-arm-Ascend310P-0",nodename="aio-node74-arm",podname="ascend310p-pod",podnamespace="default",zone="vGPU"} 50`;
    expect(of(id, `${line('0')}\n${line('1')}\n`)).toEqual([
      ['aio-node74-arm', 'default', 'ascend310p-pod', 'aio-node74-arm-Ascend310P-0', null, 1],
    ]);
  });
});

describe('what is looked for in a cluster', () => {
  const { estate, accelerators } = loadPlan('plan');
  const pools = estate.pools.filter(({ cluster }) => cluster === 'nc-a');
  test("its pools' chips, under every name that device plugins give them, and the labels of their nodes", () => {
    const { resources: chips, labels } = wantedOf(pools, accelerators);
    expect(pools.map(({ accelerator }) => accelerator)).toContain('ascend-910b3');
    expect([...chips]).toEqual(expect.arrayContaining(['nvidia.com/gpu', 'huawei.com/Ascend910']));
    expect([...labels]).toEqual(['accelerator']);
  });

  /** By HTTP, as an exporter is asked. */
  test('a declared text is read', async () => {
    const line =
      'kube_pod_resource_request{namespace="a",node="n",pod="p",resource="nvidia.com/gpu",unit="integer"} 2\n';
    const server = createServer((_, response) => response.end(line));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics/resources`;
    const source = allocationSource.parse({ protocol: 'exposition', url });
    const family = families.get('kube-scheduler')!;
    const reader = openAllocations(
      { ...estate.clusters[0]!, allocation: { family: family.id, source, every: 30_000 } },
      { family, wanted: wantedOf(pools, accelerators), gateways: new Gateways(), maxAge: 1000 },
    );
    const { holds } = await reader.read(AbortSignal.timeout(5000));
    expect(holds).toEqual([{ node: 'n', namespace: 'a', pod: 'p', device: null, resource: GPU, chips: 2 }]);
    await reader.close();
    server.close();
  });

  test('every shipped family names its source, and its metrics are not those of another', () => {
    const metrics = [...families.values()].map(({ metric }) => metric);
    expect(new Set(metrics).size).toBe(metrics.length);
    for (const { source } of families.values()) expect(source).toMatch(/github|kubernetes|HAMi/i);
  });
});
