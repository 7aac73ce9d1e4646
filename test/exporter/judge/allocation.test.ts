import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allocate } from '../../../exporter/judge/allocation/allocate.ts';
import { nodeFinder } from '../../../exporter/judge/allocation/node-names.ts';
import type { Device } from '../../../exporter/judge/device/device.ts';
import type { ClusterNode, Hold } from '../../../exporter/read/allocation/allocations.ts';

const DCU = 'hygon.com/dcu';
const resources = new Set([DCU]);
const device = (id: string, activity: number | null, more: Partial<Device> = {}): Device => ({
  id,
  model: 'hygon-k100',
  node: 'n1',
  healthy: true,
  activity,
  signal: 'busy',
  clockRatio: null,
  tier: 'T4',
  peakTflops: 100,
  powerW: null,
  allocations: [],
  at: 0,
  ...more,
});
const hold = (pod: string, chips: number, more: Partial<Hold> = {}): Hold => ({
  node: 'n1',
  namespace: 'copper',
  pod,
  device: null,
  resource: DCU,
  chips,
  ...more,
});
const cards = (...activities: (number | null)[]): Device[] =>
  activities.map((activity, i) => device(`dcu="${i}"`, activity));
const node = (name: string, chips: number): ClusterNode => ({
  name,
  labels: {},
  capacity: new Map([[DCU, chips]]),
  allocatable: new Map([[DCU, chips]]),
  schedulable: true,
  ready: true,
});
const given = (devices: readonly Device[], holds: readonly Hold[], nodes: readonly ClusterNode[] | null = null) =>
  allocate(devices, { holds, nodes }, resources);
/** pod -> [cards that it has a part of, chips, work] */
function sums(devices: readonly Device[]): Record<string, [cards: number, chips: number, work: number]> {
  const totals: Record<string, [number, number, number]> = {};
  for (const { pod, share, activity } of devices.flatMap(({ allocations }) => allocations)) {
    const [parts, chips, work] = totals[pod] ?? [0, 0, 0];
    totals[pod] = [parts + 1, chips + share, work + (activity ?? NaN)];
  }
  return totals;
}

describe('by node', () => {
  test('one pod holds all: exactly its work', () => {
    const { devices, shared } = given(cards(0.5, 1, 0, 0.25), [hold('p', 4)]);
    expect(devices.map(({ allocations }) => allocations)).toEqual(
      [0.5, 1, 0, 0.25].map((activity) => [{ namespace: 'copper', pod: 'p', share: 1, activity }]),
    );
    expect(shared.size).toBe(0);
  });

  test('a part is held: the busiest cards are, and idle ones are free', () => {
    const { devices, shared } = given(cards(0, 0.5, 0.1, 1), [hold('p', 2)]);
    expect(devices.map(({ allocations }) => allocations.length)).toEqual([0, 1, 0, 1]);
    expect(sums(devices)).toEqual({ p: [2, 2, 1.5] });
    expect([...shared]).toEqual(['n1']);
  });

  test('two pods: in proportion to their chips', () => {
    const { devices, shared } = given(cards(1, 1, 0.4, 0), [hold('a', 1), hold('b', 2)]);
    const { a, b } = sums(devices);
    expect(a).toEqual([3, 1, expect.closeTo(0.8)]);
    expect(b).toEqual([3, 2, expect.closeTo(1.6)]);
    expect([...shared]).toEqual(['n1']);
  });

  test('more is requested than there are healthy cards: nobody holds a sick one, and no card is held twice', () => {
    const sick = device('dcu="9"', 1, { healthy: false });
    const { devices } = given([...cards(1, 1), sick], [hold('a', 2), hold('b', 2)]);
    expect(devices.at(-1)?.allocations).toEqual([]);
    expect(sums(devices)).toEqual({ a: [2, 1, 1], b: [2, 1, 1] });
  });

  test('unknown activity stays unknown, and counts as held', () => {
    const { devices } = given(cards(null, null), [hold('p', 2)]);
    expect(devices.flatMap(({ allocations }) => allocations.map(({ activity }) => activity))).toEqual([null, null]);
  });

  test('containers of one pod are one holder', () => {
    const { devices, shared } = given(cards(1, 1), [hold('p', 1), hold('p', 1, { device: 'unknown' })]);
    expect(sums(devices)).toEqual({ p: [2, 2, 2] });
    expect(shared.size).toBe(0);
  });

  test.each([
    ['time-slicing: 16 for 4 cards', 16, 4, 1],
    ['a package of two dies', 2, 1, 2],
    ['no multiple: a card is missing, and a chip is a chip', 5, 2, 2],
    ['nothing said', 0, 2, 2],
  ])('capacity: %s', (_, capacity, chips, held) => {
    const { devices } = given(cards(1, 1, 1, 1), [hold('p', chips)], [node('n1', capacity)]);
    expect(sums(devices).p?.[1]).toBe(held);
  });

  test('other resources, other nodes and devices without a node', () => {
    const lost = device('dcu="x"', 1, { node: undefined });
    const holds = [hold('cpu', 2, { resource: 'nvidia.com/gpu' }), hold('far', 2, { node: 'n2' })];
    const { devices, unplaced } = given([...cards(1), lost], holds);
    expect(sums(devices)).toEqual({});
    expect(unplaced).toBe(1);
  });

  test('ids that repeat on every node are not mixed up', () => {
    const both = [device('id="0"', 1), device('id="0"', 0.5, { node: 'n2' })];
    const { devices } = given(both, [hold('a', 1), hold('b', 1, { node: 'n2' })]);
    expect(devices.map(({ allocations: [one] }) => [one?.pod, one?.activity])).toEqual([
      ['a', 1],
      ['b', 0.5],
    ]);
  });
});

test('what the exporter says of a node stands, also of its free cards', () => {
  const told = device('dcu="0"', 1, { allocations: [{ namespace: 'x', pod: 'told', share: 1, activity: 1 }] });
  const { devices } = given([told, device('dcu="1"', 1)], [hold('p', 2)]);
  expect(devices).toEqual([told, device('dcu="1"', 1)]);
});

describe('by identity', () => {
  const gpus = [device('UUID="GPU-a"', 0.8), device('UUID="GPU-b"', 0.5), device('UUID="GPU-c"', 1)];
  test("a pod with a third of a card gets no more than its third, and the rest is nobody's", () => {
    const { devices, shared } = given(gpus, [hold('p', 0.3, { device: 'GPU-a', resource: null })]);
    expect(devices[0]?.allocations).toEqual([{ namespace: 'copper', pod: 'p', share: 0.3, activity: 0.3 }]);
    expect(devices.slice(1)).toEqual(gpus.slice(1));
    expect(shared.size).toBe(0);
  });

  test('more than a card is cut down to one', () => {
    const { devices } = given(gpus, [hold('a', 1, { device: 'GPU-b' }), hold('b', 1, { device: 'GPU-b' })]);
    expect(devices[1]?.allocations).toEqual([
      { namespace: 'copper', pod: 'a', share: 0.5, activity: 0.25 },
      { namespace: 'copper', pod: 'b', share: 0.5, activity: 0.25 },
    ]);
  });

  test('holds that name no device of the node go to what is left of it', () => {
    const { devices } = given(gpus, [hold('a', 1, { device: 'GPU-a' }), hold('b', 1, { device: 'elsewhere' })]);
    expect(devices.map(({ allocations: [one] }) => one?.pod)).toEqual(['a', undefined, 'b']);
  });

  test('a value that two devices share names neither', () => {
    const twins = [device('card="0",die="1"', 1), device('card="0",die="2"', 0)];
    expect(sums(given(twins, [hold('p', 1, { device: '0' })]).devices)).toEqual({ p: [1, 1, 1] });
    expect(given(twins, [hold('p', 1, { device: '2' })]).devices.map(({ allocations }) => allocations.length)).toEqual([
      0, 1,
    ]);
  });
});

test.each([
  ['GPU-Node1', 'gpu-node1'],
  ['gpu-node2.dc.example', 'gpu-node2'],
  ['gpu-node3', 'gpu-node3.dc.example'],
  ['gpu-node3.other.example', null],
  ['twice', null],
  ['unknown', null],
])('a host that is called %s is node %s', (told, name) => {
  const find = nodeFinder(['gpu-node1', 'gpu-node2', 'gpu-node3.dc.example', 'twice.a', 'twice.b']);
  expect(find(told)).toBe(name);
});

test('whatever is requested: no card is held more than once, no pod works more than it holds, no work is made', () => {
  const activity = fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: null });
  const some = fc.array(fc.record({ activity, healthy: fc.boolean() }), { minLength: 1, maxLength: 8 });
  const claims = fc.array(
    fc.record({
      pod: fc.constantFrom('a', 'b', 'c'),
      chips: fc.double({ min: 0.01, max: 9, noNaN: true }),
      device: fc.constantFrom(null, '0', '1', 'x'),
    }),
    { maxLength: 5 },
  );
  fc.assert(
    fc.property(some, claims, fc.nat(16), (states, wants, capacity) => {
      const before = states.map((state, i) => device(`dcu="${i}"`, state.activity, { healthy: state.healthy }));
      const { devices } = given(
        before,
        wants.map(({ pod, chips, device: named }) => hold(pod, chips, { device: named })),
        [node('n1', capacity)],
      );
      expect(devices.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
      for (const { allocations, activity: whole } of devices) {
        const [shares, works] = [allocations.map(({ share }) => share), allocations.map((one) => one.activity)];
        expect(shares.reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(1 + 1e-9);
        // unknown stays unknown
        expect(works.filter((work) => (work === null) !== (whole === null))).toEqual([]);
        expect(works.reduce<number>((a, b) => a + (b ?? 0), 0)).toBeLessThanOrEqual((whole ?? 0) + 1e-9);
        for (const { share, activity: work } of allocations) expect(work ?? 0).toBeLessThanOrEqual(share + 1e-9);
      }
      // with a capacity of 0, nothing is known of it and a chip is a chip
      const asked = capacity === 0 ? wants.reduce((sum, { chips }) => sum + chips, 0) : Infinity;
      const all = devices.flatMap(({ allocations }) => allocations).reduce((sum, { share }) => sum + share, 0);
      expect(all).toBeLessThanOrEqual(asked + 1e-9);
    }),
  );
});
