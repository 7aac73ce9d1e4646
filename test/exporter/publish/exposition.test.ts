import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { metric, type Fixed, type Metric } from '../../../model/metrics/metric.ts';
import { droppedFamilySeries, droppedSeries } from '../../../model/metrics/self.ts';
import { Board, type Cycle } from '../../../exporter/publish/exposition.ts';
import type { Rendition, Snapshot } from '../../../exporter/publish/snapshot.ts';
import { Family } from '../../../exporter/publish/text/family.ts';
import { LabelValues } from '../../../exporter/publish/text/label-values.ts';
import { Slices } from '../../../exporter/publish/text/slices.ts';
import { readText } from './read-text.ts';

const common = { stability: 'stable', help: { zh: '中文', en: 'Help' } } as const;
const energy = metric({
  ...common,
  name: 'test_energy_joules_total',
  type: 'counter',
  unit: 'joules',
  labels: ['site', 'meter'],
  help: { zh: '电能', en: 'Energy "as read"\nwith a \\ in it' },
});
const ratio = metric({ ...common, name: 'test_ratio', type: 'gauge', unit: 'ratio', labels: ['site'] });
/** Its unit is no suffix of its name, which OpenMetrics forbids: there is no UNIT line then. */
const plain = metric({ ...common, name: 'test_plain', type: 'gauge', unit: 'seconds', labels: [] });
const catalogue: readonly Metric[] = [energy, ratio, plain, droppedSeries];

const AT = 1_790_000_000_000;
const board = (options: { seriesBudget?: number; heapShare?: () => number } = {}): Board =>
  new Board({ catalogue, clock: { wall: () => AT }, ...options });
const text = ({ plain: pieces }: Rendition): string => Buffer.concat(pieces).toString();
const publish = (on: Board, emit: (cycle: Cycle) => void): Promise<Snapshot> => {
  const cycle = on.begin();
  emit(cycle);
  return cycle.finish();
};
const samplesOf = (snapshot: Snapshot): string[] =>
  text(snapshot.text)
    .split('\n')
    .filter((line) => line.startsWith('test_'));

const golden = (cycle: Cycle): void => {
  cycle.emit(plain, {}, 1e21);
  cycle.emit(ratio, { site: 'b' }, 0.1);
  cycle.emit(energy, { site: 'nanchang', meter: 'gate' }, { units: 1_234_567n, digits: 3 });
  cycle.emit(ratio, { site: 'a "quoted" \\ \n line, 南昌' }, -2.5e-7);
  cycle.emit(energy, { site: 'nanchang', meter: '' }, { units: 9_007_199_254_740_993_001n, digits: 3 });
};

test('text 0.0.4: families in the order of the catalogue, never interleaved, full counter names', async () => {
  const { text: rendered } = await publish(board(), golden);
  expect(text(rendered)).toBe(`# HELP test_energy_joules_total Energy "as read"\\nwith a \\\\ in it
# TYPE test_energy_joules_total counter
test_energy_joules_total{site="nanchang",meter="gate"} 1234.567
test_energy_joules_total{site="nanchang",meter=""} 9007199254740993.001
# HELP test_ratio Help
# TYPE test_ratio gauge
test_ratio{site="b"} 0.1
test_ratio{site="a \\"quoted\\" \\\\ \\n line, 南昌"} -2.5e-7
# HELP test_plain Help
# TYPE test_plain gauge
test_plain 1e+21
# HELP greenflops_dropped_series Series left out of the last cycle: beyond the series budget, or not publishable
# TYPE greenflops_dropped_series gauge
greenflops_dropped_series 0
`);
});

test('OpenMetrics 1.0.0: family names without _total, UNIT where the name ends in it, # EOF', async () => {
  const { openmetrics } = await publish(board(), golden);
  expect(text(openmetrics)).toBe(`# TYPE test_energy_joules counter
# UNIT test_energy_joules joules
# HELP test_energy_joules Energy \\"as read\\"\\nwith a \\\\ in it
test_energy_joules_total{site="nanchang",meter="gate"} 1234.567
test_energy_joules_total{site="nanchang",meter=""} 9007199254740993.001
# TYPE test_ratio gauge
# UNIT test_ratio ratio
# HELP test_ratio Help
test_ratio{site="b"} 0.1
test_ratio{site="a \\"quoted\\" \\\\ \\n line, 南昌"} -2.5e-7
# TYPE test_plain gauge
# HELP test_plain Help
test_plain 1e+21
# TYPE greenflops_dropped_series gauge
# HELP greenflops_dropped_series Series left out of the last cycle: beyond the series budget, or not publishable
greenflops_dropped_series 0
# EOF
`);
});

test('gzip holds the same bytes, and an appendix follows the families and precedes # EOF', async () => {
  const cycle = board().begin();
  golden(cycle);
  const snapshot = await cycle.finish({ text: Buffer.from('a 1\n'), openmetrics: Buffer.from('b 2\n') });
  for (const format of ['text', 'openmetrics'] as const) {
    const unpacked = gunzipSync(Buffer.concat(snapshot[format].gzip)).toString();
    expect(unpacked).toBe(text(snapshot[format]));
    expect(unpacked).toMatch(format === 'text' ? /greenflops_dropped_series 0\na 1\n$/ : /\nb 2\n# EOF\n$/);
  }
});

const value = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true, min: 0 }),
  fc.integer({ min: 0 }),
  fc.record({ units: fc.bigInt({ min: 0n, max: 1n << 70n }), digits: fc.integer({ min: 0, max: 6 }) }),
);
/** Everything that has a meaning in the formats, and few enough that the same series come again. */
const label = fc.constantFrom('', 'a,b', '\\n"', '} 1\n', '南昌');
const sameNumber = (digits: string, wanted: number | Fixed): boolean => {
  if (typeof wanted === 'number') return Number(digits) === wanted;
  const [whole = '', fraction = ''] = digits.split('.');
  return fraction.length === wanted.digits && BigInt(whole + fraction) === wanted.units;
};

test('any cycles of any series: the text says exactly what was emitted, in the order of first appearance', async () => {
  const series = fc.tuple(label, label, value);
  const cycles = fc.array(fc.uniqueArray(series, { selector: ([a, b]) => JSON.stringify([a, b]), maxLength: 12 }), {
    maxLength: 6,
  });
  await fc.assert(
    fc.asyncProperty(cycles, async (all) => {
      const on = board();
      let known: string[] = [];
      for (const one of all) {
        const snapshot = await publish(on, (cycle) => {
          for (const [site, meter, v] of one) cycle.emit(energy, { site, meter }, v);
        });
        const emitted = new Map(one.map(([site, meter, v]) => [JSON.stringify({ site, meter }), v]));
        known = [...new Set([...known, ...emitted.keys()])].filter((key) => emitted.has(key));
        const lines = readText(text(snapshot.text)).filter(({ name }) => name === energy.name);
        expect(lines.map(({ labels }) => JSON.stringify(labels))).toEqual(known);
        for (const { labels, value: digits } of lines) {
          const wanted = emitted.get(JSON.stringify(labels));
          expect(wanted !== undefined && sameNumber(digits, wanted), digits).toBe(true);
        }
        // what the page and the API read is the same again
        const samples = snapshot.series(energy);
        expect(samples.map(({ labels }) => JSON.stringify(labels))).toEqual(known);
        samples.forEach(({ value: v }, i) => expect(sameNumber(lines[i]?.value ?? '', v)).toBe(true));
      }
    }),
    { seed: 20261020, numRuns: 300 },
  );
});

test('series that look alike when they are joined with commas stay two', async () => {
  const snapshot = await publish(board(), (cycle) => {
    cycle.emit(energy, { site: '1,meter:2', meter: '3' }, 1);
    cycle.emit(energy, { site: '1', meter: '2,meter:3' }, 2);
    cycle.emit(energy, { site: '', meter: '12' }, 3);
    cycle.emit(energy, { site: '1', meter: '2' }, 4);
  });
  expect(samplesOf(snapshot)).toEqual([
    'test_energy_joules_total{site="1,meter:2",meter="3"} 1',
    'test_energy_joules_total{site="1",meter="2,meter:3"} 2',
    'test_energy_joules_total{site="",meter="12"} 3',
    'test_energy_joules_total{site="1",meter="2"} 4',
  ]);
});

const wild = (labels: object): { site: string; meter: string } => labels as { site: string; meter: string };
const refusals: readonly [string, object, number | Fixed, RegExp][] = [
  ['NaN', { site: 'a', meter: 'b' }, NaN, /test_energy_joules_total\{site="a",meter="b"\} is NaN/],
  ['an infinity', { site: 'a', meter: 'b' }, Infinity, /meter="b"\} is Infinity/],
  ['a counter below 0', { site: 'a', meter: 'b' }, -1, /counter below 0/],
  ['an exact counter below 0', { site: 'a', meter: 'b' }, { units: -1n, digits: 3 }, /counter below 0/],
  ['a missing label', { site: 'a' }, 1, /must have the labels site, meter and no other/],
  ['another label', { site: 'a', metre: 'b' }, 1, /label meter that is missing/],
  ['one label more', { site: 'a', meter: 'b', pool: 'c' }, 1, /and no other/],
  ['a label that is no string', { site: 'a', meter: 7 }, 1, /label meter that is a number/],
  ['a lone surrogate', { site: 'a', meter: '\ud800' }, 1, /lone surrogate or NUL/],
  ['NUL, where Prometheus stops reading', { site: 'a', meter: 'b\0' }, 1, /lone surrogate or NUL/],
  ['an endless label', { site: 'a', meter: 'b'.repeat(1025) }, 1, /1025 characters long/],
];
test.each(refusals)('%s is refused with the metric and its labels', (_, labels, v, message) => {
  expect(() => board().begin().emit(energy, wild(labels), v)).toThrow(message);
});

test('a repeated series is refused within a cycle, not in the next one', async () => {
  const on = board();
  const cycle = on.begin();
  cycle.emit(ratio, { site: 'a' }, 1);
  expect(() => cycle.emit(ratio, { site: 'a' }, 1)).toThrow('test_ratio{site="a"} was emitted twice in one cycle');
  await cycle.finish();
  expect(samplesOf(await publish(on, (next) => next.emit(ratio, { site: 'a' }, 2)))).toEqual([
    'test_ratio{site="a"} 2',
  ]);
});

test('a metric outside the catalogue is refused by name', () => {
  const stray = metric({ ...common, name: 'test_stray', type: 'gauge', unit: '', labels: [] });
  expect(() => board().begin().emit(stray, {}, 1)).toThrow(/test_stray is not in the catalogue/);
});

test('with a taker for refused samples one of them does not hide the others', async () => {
  const refused: string[] = [];
  const on = new Board({ catalogue, clock: { wall: () => AT }, refused: ({ message }) => refused.push(message) });
  const snapshot = await publish(on, (cycle) => {
    cycle.emit(ratio, { site: 'a' }, NaN);
    cycle.emit(ratio, { site: 'b' }, 1);
  });
  expect(samplesOf(snapshot)).toEqual(['test_ratio{site="b"} 1']);
  expect(refused).toEqual([expect.stringContaining('test_ratio{site="a"} is NaN')]);
});

describe('refused samples', () => {
  const metrics = [...catalogue, droppedFamilySeries];
  const long = (device: number) => `GPU-${device}${'\\"\n中'.repeat(2500)}`;
  const scene = () => {
    const told: string[] = [];
    const on = new Board({
      catalogue: metrics,
      clock: { wall: () => AT },
      seriesBudget: 10,
      refused: ({ message }) => told.push(message),
    });
    const cycle = async (emit: (cycle: Cycle) => void) => {
      told.length = 0;
      const snapshot = await publish(on, emit);
      const byFamily = snapshot
        .series(droppedFamilySeries)
        .map(({ labels, value: count }) => [labels['family'], count]);
      return { told: [...told], byFamily, all: snapshot.series(droppedSeries)[0]?.value };
    };
    return cycle;
  };

  test('are all counted, and told once for each metric and reason until they change, in short words', async () => {
    const cycle = scene();
    const three = (on: Cycle): void => {
      // lengths differ, which is no other reason
      for (let i = 8; i < 11; i++) on.emit(ratio, { site: long(i) }, 1);
      on.emit(ratio, { site: 'a' }, NaN);
      on.emit(energy, { site: 'a', meter: long(1) }, 1);
    };
    const first = await cycle(three);
    expect(first.told).toEqual([
      expect.stringMatching(/^test_ratio\{site="GPU-8.*"\} has a label site that is 10005 characters long/),
      expect.stringContaining('test_ratio{site="a"} is NaN'),
      expect.stringContaining('has a label meter that is'),
    ]);
    for (const line of first.told) expect(line.length).toBeLessThan(350);
    const counted = {
      byFamily: expect.arrayContaining([
        ['test_ratio', 4],
        ['test_energy_joules_total', 1],
      ]),
      all: 5,
    };
    expect(first).toMatchObject(counted);
    expect(await cycle(three)).toMatchObject({ ...counted, told: [] });
    expect((await cycle((on) => on.emit(ratio, { site: 'a' }, Infinity))).told).toEqual([
      expect.stringContaining('is Infinity'),
    ]);
    expect(await cycle((on) => on.emit(ratio, { site: 'a' }, 1))).toEqual({ told: [], byFamily: [], all: 0 });
    expect((await cycle(three)).told).toHaveLength(3);
  });

  test('keep no room from others', async () => {
    const cycle = scene();
    const emit = (on: Cycle): void => {
      for (let i = 0; i < 20; i++) on.emit(ratio, { site: long(i) }, 1);
      for (let i = 0; i < 10; i++) on.emit(energy, { site: 'a', meter: String(i) }, 1);
    };
    await cycle(emit);
    expect(await cycle(emit)).toMatchObject({ byFamily: [['test_ratio', 20]], all: 20 });
  });
});

test('beyond the budget whole series are dropped and counted', async () => {
  const on = board({ seriesBudget: 2 });
  const emit = (cycle: Cycle): void => ['a', 'b', 'c', 'd'].forEach((site) => cycle.emit(ratio, { site }, 1));
  for (let i = 0; i < 2; i++) {
    const snapshot = await publish(on, emit);
    expect(samplesOf(snapshot)).toEqual(['test_ratio{site="a"} 1', 'test_ratio{site="b"} 1']);
    expect(snapshot.series(droppedSeries)).toEqual([{ metric: droppedSeries, labels: {}, value: 2 }]);
  }
});

test('with a full heap the known series go on and new ones are dropped', async () => {
  let share = 0.5;
  const on = board({ heapShare: () => share });
  await publish(on, (cycle) => cycle.emit(ratio, { site: 'a' }, 1));
  share = 0.95;
  const snapshot = await publish(on, (cycle) => {
    cycle.emit(ratio, { site: 'a' }, 2);
    cycle.emit(ratio, { site: 'b' }, 2);
  });
  expect(samplesOf(snapshot)).toEqual(['test_ratio{site="a"} 2']);
  expect(text(snapshot.text)).toContain('greenflops_dropped_series 1\n');
});

test('a snapshot stays what it was while later cycles come and series go', async () => {
  const on = board();
  const first = await publish(on, (cycle) => {
    for (let i = 0; i < 500; i++) cycle.emit(ratio, { site: `site-${i}` }, i);
  });
  const before = text(first.text);
  await publish(on, (cycle) => cycle.emit(ratio, { site: 'site-7' }, -1));
  const last = await publish(on, (cycle) => {
    cycle.emit(ratio, { site: 'site-8' }, -2);
    cycle.emit(ratio, { site: 'site-7' }, -3);
  });
  expect(text(first.text)).toBe(before);
  expect(first.series(ratio).find(({ labels }) => labels['site'] === 'site-7')?.value).toBe(7);
  expect(samplesOf(last)).toEqual(['test_ratio{site="site-7"} -3', 'test_ratio{site="site-8"} -2']);
});

test('one cycle at a time: a finished one is over, an unfinished one is forgotten, a rendering one is waited for', async () => {
  const on = board();
  const broken = on.begin();
  broken.emit(ratio, { site: 'broken' }, 1);
  const cycle = on.begin();
  expect(() => broken.emit(ratio, { site: 'late' }, 1)).toThrow(/a cycle that is over/);
  cycle.emit(ratio, { site: 'a' }, 1);
  const finishing = cycle.finish();
  expect(() => on.begin()).toThrow(/still being rendered/);
  await expect(cycle.finish()).rejects.toThrow(/the cycle is over/);
  expect(samplesOf(await finishing)).toEqual(['test_ratio{site="a"} 1']);
});

test('rendering looks at the clock often, and a used up slice ends the turn', async () => {
  const looks = { breathe: vi.fn<() => Promise<void>>(async () => {}) };
  const family = new Family(ratio, new LabelValues());
  family.begin();
  for (let i = 0; i < 10_000; i++) family.set({ site: `site-${i}` }, i, true);
  await family.render(looks);
  expect(looks.breathe.mock.calls.length).toBeGreaterThanOrEqual(Math.floor(10_000 / 256));

  const now = vi.spyOn(performance, 'now').mockReturnValue(1000);
  const slices = new Slices();
  let turned = false;
  setImmediate(() => (turned = true));
  now.mockReturnValue(1002);
  await slices.breathe();
  expect(turned).toBe(false);
  now.mockReturnValue(1003);
  await slices.breathe();
  expect(turned).toBe(true);
  now.mockRestore();
});

test('label values that no series carries any more are forgotten', async () => {
  const values = new LabelValues();
  const family = new Family(energy, values);
  for (let cycle = 0; cycle < 50; cycle++) {
    family.begin();
    for (let i = 0; i < 20; i++) family.set({ site: 'nanchang', meter: `boot-${cycle}-${i}` }, 1, true);
    await family.render(new Slices());
    expect(values.size).toBe(21);
  }
});
