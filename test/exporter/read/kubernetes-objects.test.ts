import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clusterNode } from '../../../exporter/read/kubernetes/kubernetes-node.ts';
import { holdsOfPod, podChips } from '../../../exporter/read/kubernetes/kubernetes-pod.ts';
import { countOf } from '../../../exporter/read/kubernetes/kubernetes-quantity.ts';
import { ListItems } from '../../../exporter/read/kubernetes/list-items.ts';

const GPU = 'nvidia.com/gpu';
const of = (chips: number, more = {}) => ({ resources: { requests: { [GPU]: String(chips) } }, ...more });
const sidecar = (chips: number) => of(chips, { restartPolicy: 'Always' });

describe('chips of a pod, as the scheduler reckons', () => {
  test.each([
    ['containers together', { containers: [of(1), of(2), {}] }, 3],
    ['the neediest init container, where it needs more', { containers: [of(1)], initContainers: [of(4), of(2)] }, 4],
    ['init containers that need less', { containers: [of(4)], initContainers: [of(3)] }, 4],
    ['sidecars stay beside the containers', { containers: [of(2)], initContainers: [sidecar(1)] }, 3],
    [
      'an init container runs beside the sidecars before it',
      { containers: [of(1)], initContainers: [sidecar(2), of(3), sidecar(4)] },
      7,
    ],
    ['and not beside those behind it', { containers: [], initContainers: [of(3), sidecar(1)] }, 3],
    ['a limit alone is a request', { containers: [{ resources: { limits: { [GPU]: '2' } } }] }, 2],
    ['nothing', { containers: [{}] }, 0],
  ])('%s', (_, spec, chips) => expect(podChips(spec, GPU)).toBe(chips));

  test('of no pod without a node, and of none that is over', () => {
    const pod = { metadata: { namespace: 'a', name: 'p' }, spec: { nodeName: 'n', containers: [of(2)] } };
    const hold = { node: 'n', namespace: 'a', pod: 'p', device: null, resource: GPU, chips: 2 };
    for (const phase of ['Pending', 'Running', 'Unknown', undefined])
      expect(holdsOfPod({ ...pod, status: { phase } }, [GPU])).toEqual([hold]);
    for (const phase of ['Succeeded', 'Failed']) expect(holdsOfPod({ ...pod, status: { phase } }, [GPU])).toEqual([]);
    expect(holdsOfPod({ ...pod, spec: { ...pod.spec, nodeName: undefined } }, [GPU])).toEqual([]);
    expect(holdsOfPod(pod, ['huawei.com/Ascend910'])).toEqual([]);
  });
});

describe('quantities', () => {
  test.each([
    ['8', 8],
    ['1k', 1000],
    ['2Ki', 2048],
    ['1e3', 1000],
    ['8000m', 8],
    ['0', 0],
    [3, 3],
  ])('%s', (text, count) => expect(countOf(text)).toBe(count));
  test.each(['', 'x', '-1', '1.5', '1Q', '500m', '1constructor'])('%j is none', (text) =>
    expect(() => countOf(text)).toThrow('is no count of an extended resource'),
  );
});

test('a node: sick chips, no Ready condition, a controller that has not heard of it', () => {
  const wanted = { resources: new Set([GPU]), labels: new Set(['pool']) };
  const status = { capacity: { [GPU]: '8', cpu: '1' }, allocatable: { [GPU]: '7' } };
  expect(clusterNode({ metadata: { name: 'n', labels: { pool: 'a', x: 'y' } }, status }, wanted)).toEqual({
    name: 'n',
    labels: { pool: 'a' },
    capacity: new Map([[GPU, 8]]),
    allocatable: new Map([[GPU, 7]]),
    schedulable: true,
    ready: null,
  });
  const conditions = [{ type: 'Ready', status: 'Unknown' }];
  expect(clusterNode({ metadata: { name: 'n' }, status: { ...status, conditions } }, wanted)?.ready).toBe(false);
  expect(clusterNode({ metadata: { name: 'n' }, status: { capacity: { cpu: '1' } } }, wanted)).toBeNull();
});

describe('the objects of a list, as the bytes come', () => {
  function cut(text: string, sizes: readonly number[] = [text.length]) {
    const items = new ListItems();
    const bytes = Buffer.from(text);
    const found: unknown[] = [];
    for (let at = 0, i = 0; at < bytes.length; i++) {
      const size = Math.max(1, sizes[i % sizes.length] ?? 1);
      for (const item of items.push(bytes.subarray(at, at + size))) found.push(JSON.parse(item));
      at += size;
    }
    return { found, frame: items.frame() };
  }

  test('any list in any pieces', () => {
    const list = fc.record({
      kind: fc.string(),
      metadata: fc.record({ resourceVersion: fc.string(), 'items":[': fc.array(fc.jsonValue()) }),
      items: fc.array(fc.dictionary(fc.string(), fc.jsonValue())),
      after: fc.jsonValue(),
    });
    const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 });
    fc.assert(
      fc.property(list, sizes, fc.constantFrom(0, 1), (value, pieces, indent) => {
        const text = JSON.stringify(value, null, indent);
        const same = JSON.parse(text) as typeof value;
        const { found, frame } = cut(text, pieces);
        expect(found).toEqual(same.items);
        expect(frame).toEqual({ ...same, items: [] });
      }),
    );
  });

  test('no list of objects', () => {
    expect(cut('{"kind":"NodeList","metadata":{},"items":null}').frame).toEqual({
      kind: 'NodeList',
      metadata: {},
      items: null,
    });
    expect(() => cut('{"items":[1]}')).toThrow('an item of the list is no object');
    expect(() => cut('{"items":[[{}]]}')).toThrow('an item of the list is no object');
    expect(() => cut('{"items":[{"a":1}')).toThrow('ends before its end');
    expect(() => cut('<html>')).toThrow('no JSON: "<html>"');
    expect(() => cut(`{"items":[{"a":"${'x'.repeat(9 * 2 ** 20)}"}]}`, [2 ** 16])).toThrow('more than 8388608 bytes');
    expect(() => cut(`{"a":"${'x'.repeat(2 ** 20)}"}`, [2 ** 16])).toThrow('more than 65536 bytes');
  });
});
