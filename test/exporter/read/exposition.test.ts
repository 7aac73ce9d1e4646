import { readFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseExposition, type ExpositionOptions } from '../../../exporter/read/exposition/exposition.ts';
import { ReadError, type ExpositionSample } from '../../../exporter/read/reader.ts';

type Labels = Record<string, string>;
const sample = (name: string, labels: Labels, text: string, timestamp: number | null = null): ExpositionSample => {
  return { name, labels, text, timestamp };
};
const parse = (text: string, options: Partial<ExpositionOptions> = {}) =>
  parseExposition(text, { format: 'text', ...options });
const om = (text: string) => parse(text, { format: 'openmetrics' });

describe('Prometheus text 0.0.4', () => {
  test.each<[string, string, ExpositionSample[]]>([
    ['nothing', '', []],
    ['a bare sample', 'up 1\n', [sample('up', {}, '1')]],
    ['empty labels', 'up{} 1\n', [sample('up', {}, '1')]],
    ['colons in the name', 'job:up:sum 1\n', [sample('job:up:sum', {}, '1')]],
    ['a timestamp in milliseconds', 'up 1 1606402000123\n', [sample('up', {}, '1', 1_606_402_000_123)]],
    ['a timestamp before 1970', 'up 1 -5\n', [sample('up', {}, '1', -5)]],
    [
      'headers before all samples',
      '# HELP a x\n# TYPE a gauge\n# HELP b x\n# TYPE b counter\na 1\nb 2\n',
      [sample('a', {}, '1'), sample('b', {}, '2')],
    ],
    ['families without samples', '# HELP a x\n# TYPE a gauge\n# HELP b x\n', []],
    [
      'doubled and unknown headers',
      '# TYPE a gauge\n# TYPE a banana\n# HELP a\n# HELP a {x="} 1\n#\n#a 7\na 1\n',
      [sample('a', {}, '1')],
    ],
    [
      'families that are interleaved',
      'a 1\nb 2\na{x="y"} 3\n',
      [sample('a', {}, '1'), sample('b', {}, '2'), sample('a', { x: 'y' }, '3')],
    ],
    [
      'spaces, tabs and empty lines',
      '\n \t\n\t a \t{ \tx\t = \t"y" ,\tz="" , } \t 1 \t 2 \t\n\n',
      [sample('a', { x: 'y', z: '' }, '1', 2)],
    ],
    ['no space between labels and value', 'a{x="y"}1\n', [sample('a', { x: 'y' }, '1')]],
    ['CRLF', '# HELP a x\r\na{x="y"} 1\r\n\r\nb 2 3\r\n', [sample('a', { x: 'y' }, '1'), sample('b', {}, '2', 3)]],
    ['# EOF, a mere comment here', 'a 1\n# EOF\nb 2\n', [sample('a', {}, '1'), sample('b', {}, '2')]],
    ['escapes', String.raw`a{x="\\ \" \n \t c:\new"} 1` + '\n', [sample('a', { x: '\\ " \n \\t c:\new' }, '1')]],
    [
      'a value that ends with a backslash',
      String.raw`a{x="C:\\",y="z"} 1` + '\n',
      [sample('a', { x: 'C:\\', y: 'z' }, '1')],
    ],
    ['grammar inside a label value', 'a{x="} 1 # {,=\'}",y="z"} 2\n', [sample('a', { x: "} 1 # {,='}", y: 'z' }, '2')]],
    ['UTF-8 in a label value', 'a{x="南昌🌱"} 1\n', [sample('a', { x: '南昌🌱' }, '1')]],
    [
      'names that every object has',
      'a{constructor="x",toString="y",__proto__="z"} 1\n',
      [sample('a', JSON.parse('{"constructor":"x","toString":"y","__proto__":"z"}'), '1')],
    ],
    ['a quoted metric name', '{"metric.name",label="x"} 1\n', [sample('metric.name', { label: 'x' }, '1')]],
    [
      'a quoted metric name alone and last',
      '{"a b"} 1\n{x="y","a \\"b\\"",} 2\n',
      [sample('a b', {}, '1'), sample('a "b"', { x: 'y' }, '2')],
    ],
    ['quoted label names', 'a{"label.x"="y",z="1"} 1\n', [sample('a', { 'label.x': 'y', z: '1' }, '1')]],
    [
      'a name that only begins like the one before',
      'ab{cd="1"} 1\nabc{cde="2"} 2\na{c="3"} 3\n',
      [sample('ab', { cd: '1' }, '1'), sample('abc', { cde: '2' }, '2'), sample('a', { c: '3' }, '3')],
    ],
  ])('%s', (_, text, expected) => expect(parse(text)).toStrictEqual(expected));

  test.each([
    '0',
    '-0',
    '+1',
    '12',
    '.5',
    '5.',
    '1e3',
    '1E+3',
    '1.5e-07',
    '-1.25e3',
    '18446744073709551615',
    '1e999',
    'NaN',
    'Nan',
    'nan',
    'Inf',
    '+Inf',
    '-Inf',
    '+inf',
    'Infinity',
    '-infinity',
  ])('keeps the value %s as it stands', (text) => expect(parse(`a ${text}\n`)).toStrictEqual([sample('a', {}, text)]));

  test.each<[string, string, number]>([
    ['no value', 'a 1\nb\nc 3\n', 2],
    ['no value behind labels', 'a{x="y"}\n', 1],
    ['no name', 'a 1\n\n{x="y"} 1\n', 3],
    ['a digit first', '1a 1\n', 1],
    ['a dash in the name', 'a-b 1\n', 1],
    ['a value that touches the name', 'a+1\n', 1],
    ['UTF-8 outside quotes', '南昌 1\n', 1],
    ['a dot in an unquoted label, after a quoted one', 'a{"b.c"="1"} 1\na{b.c="1"} 1\n', 2],
    ['a dot in an unquoted name, after a quoted one', '{"b.c"} 1\nb.c 1\n', 2],
    ['a colon in a label name', 'a{b:c="1"} 1\n', 1],
    ['a reserved label', 'a{__name__="b"} 1\n', 1],
    ['two labels of one name', 'a{x="1",x="2"} 1\n', 1],
    ['two quoted names', '{"a","b"} 1\n', 1],
    ['a quoted name behind a bare one', 'a{"b"} 1\n', 1],
    ['no comma', 'a{x="1" y="2"} 1\n', 1],
    ['a comma first', 'a{,x="1"} 1\n', 1],
    ['two commas', 'a{x="1",,y="2"} 1\n', 1],
    ['no quotes', 'a{x=1} 1\n', 1],
    ['single quotes', "a{x='1'} 1\n", 1],
    ['an open label value', 'a{x="1} 1\nb{x="y"} 1\n', 1],
    ['an open label value after an escape', 'a{x="\\"} 1\nb{x="y"} 1\n', 1],
    ['open labels', 'a{x="1"\nb 1\n', 1],
    ['a line feed inside the labels', 'a{x="1",\ny="2"} 1\n', 1],
    ['a carriage return inside a line', 'a 1\r2\n', 1],
    ['a fractional timestamp', 'a 1 2.5\n', 1],
    ['a timestamp with an exponent', 'a 1 2e3\n', 1],
    ['a third number', 'a 1 2 3\n', 1],
    ['an exemplar', 'a_bucket{le="1"} 1 # {t="x"} 1\n', 1],
    ['a web page', '<html><body>login</body></html>\n', 1],
    ...[
      '0x10',
      '1_000',
      '1p3',
      '1e',
      '1e+',
      '.',
      '-',
      '+',
      '+-1',
      '1.2.3',
      '12,5',
      'NaNs',
      '-NaN',
      'true',
      '1\u00a02',
      '"1"',
    ].map((value): [string, string, number] => [`the value ${value}`, `ok 1\na ${value}\n`, 2]),
  ])('refuses %s and names the line', (_, text, line) => {
    const refused = failure(() => parse(text));
    expect(refused.failure).toBe('protocol');
    expect(refused.message).toMatch(new RegExp(`^line ${line}: `));
    expect(refused.message).toContain(JSON.stringify(text.split('\n')[line - 1]).slice(1, -1));
  });

  test('shows at most 120 characters of the line', () => {
    const { message } = failure(() => parse(`ok 1\nbad{${'x'.repeat(1000)}\n`));
    expect(message).toContain(`"bad{${'x'.repeat(116)}"`);
    expect(message).not.toContain('x'.repeat(117));
  });

  test('refuses bad lines of unwanted metrics too, and builds only the wanted ones', () => {
    const keep = (name: string) => name === 'b' || name === 'quoted.b';
    const text = 'a{x="1"} 1\nb{x="2"} 2\nbb{x="3"} 3\n{"quoted.a",x="4"} 4\n{"quoted.b",x="5"} 5\n';
    expect(parse(text, { keep })).toStrictEqual([sample('b', { x: '2' }, '2'), sample('quoted.b', { x: '5' }, '5')]);
    expect(failure(() => parse(`${text}a{x="1"} one\n`, { keep })).message).toContain('line 6');
  });
});

describe('OpenMetrics 1.0', () => {
  const body = [
    '# TYPE energy_joules counter',
    '# UNIT energy_joules joules',
    'energy_joules_total{x="y"} 17 1606402000.123',
    'energy_joules_created{x="y"} 1606402000',
    '# TYPE h histogram',
    'h_bucket{le="+Inf"} 3 # {trace_id="a} # b"} 0.5 1606402000.5',
    'h_count 3 1e9 # {} 1',
    '# EOF',
  ].join('\n');
  const expected = [
    sample('energy_joules_total', { x: 'y' }, '17', 1_606_402_000_123),
    sample('energy_joules_created', { x: 'y' }, '1606402000'),
    sample('h_bucket', { le: '+Inf' }, '3'),
    sample('h_count', {}, '3', 1e12),
  ];

  test('timestamps are seconds, exemplars are passed over, the last line feed is optional', () => {
    expect(om(`${body}\n`)).toStrictEqual(expected);
    expect(om(body)).toStrictEqual(expected);
    expect(om(`${body}\r\n`)).toStrictEqual(expected);
    expect(om('# EOF')).toStrictEqual([]);
  });

  test.each<[string, string]>([
    ['no # EOF', 'a 1\n'],
    ['nothing at all', ''],
    ['text after # EOF', 'a 1\n# EOF\nb 2\n'],
    ['a comment that only begins so', 'a 1\n# EOFs\n'],
    ['an infinite timestamp', 'a 1 +Inf\n# EOF\n'],
    ['an exemplar without labels', 'a 1 # 1\n# EOF\n'],
    ['an exemplar without a value', 'a 1 # {x="y"}\n# EOF\n'],
    ['an exemplar with a broken label', 'a 1 # {x=y} 1\n# EOF\n'],
    ['text behind an exemplar', 'a 1 # {x="y"} 1 2 3\n# EOF\n'],
  ])('refuses %s', (_, text) => expect(failure(() => om(text)).failure).toBe('protocol'));

  test('every cut is noticed', () => {
    for (let end = 0; end < body.length; end++)
      expect(() => om(body.slice(0, end)), `cut at ${end}`).toThrow(ReadError);
  });
});

describe('a text that was cut', () => {
  const text = 'a{x="1"} 123 1606402000\n# HELP b c\nb{y="2 3"} 4.5e6\nc NaN\n';
  const all = parse(text);

  test('0.0.4 without proof of its end: a whole number of lines or an error', () => {
    const ends = Array.from(text.matchAll(/\n/g), ({ index }) => index + 1);
    const lines = [0, ...ends].map((end) => text.slice(0, end));
    expect(lines.map((part) => parse(part))).toStrictEqual([0, 1, 1, 2, 3].map((count) => all.slice(0, count)));
    const others = Array.from(text, (_, end) => text.slice(0, end)).filter((part) => !lines.includes(part));
    expect(others).toHaveLength(text.length - lines.length + 1);
    for (const part of others) expect(() => parse(part), part).toThrow(ReadError);
  });

  test('a missing last line feed is taken only where the transport proves the end', () => {
    expect(failure(() => parse('a 12')).message).toContain('line feed');
    expect(parse('a 12', { whole: true })).toStrictEqual([sample('a', {}, '12')]);
    expect(parse('a 12 \r', { whole: true })).toStrictEqual([sample('a', {}, '12')]);
    expect(parse('# HELP a', { whole: true })).toStrictEqual([]);
  });
});

describe('round trip', () => {
  const nasty = fc.string({
    unit: fc.constantFrom('"', '\\', '\n', 'n', '{', '}', ',', '=', '#', ' ', '\t', '\r', "'", '南', '🌱', '\u0000'),
  });
  const bareName = fc.stringMatching(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,20}$/);
  const bareLabel = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,20}$/).filter((name) => name !== '__name__');
  const value = fc.oneof(
    fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }).map(String),
    fc.double().map((number) => (Number.isFinite(number) ? String(number) : String(number).replace('Infinity', 'Inf'))),
  );
  const samples = fc.array(
    fc.record({
      name: fc.oneof(
        bareName,
        nasty.filter((name) => name !== ''),
      ),
      labels: fc.uniqueArray(
        fc.tuple(
          fc.oneof(bareLabel, fc.constantFrom('__proto__', 'constructor', 'a.b', '省')),
          fc.oneof(nasty, fc.string()),
        ),
        { selector: ([name]) => name, maxLength: 5 },
      ),
      text: value,
      timestamp: fc.option(fc.integer({ min: -(2 ** 40), max: 2 ** 43 })),
    }),
    { maxLength: 8 },
  );
  const escape = (text: string) => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
  const isBare = (name: string, colon: string) => new RegExp(`^[a-zA-Z_${colon}][a-zA-Z0-9_${colon}]*$`).test(name);
  const blanks = fc.constantFrom(' ', '\t', '  ', ' \t ');

  test.each(['text', 'openmetrics'] as const)('names, labels, values and times come back: %s', (format) => {
    fc.assert(
      fc.property(samples, blanks, fc.boolean(), (wanted, blank, comma) => {
        const lines = wanted.map(({ name, labels, text, timestamp }) => {
          const bare = isBare(name, ':');
          const pairs = labels.map(
            ([label, content]) => `${isBare(label, '') ? label : `"${escape(label)}"`}="${escape(content)}"`,
          );
          const block = [...(bare ? [] : [`"${escape(name)}"`]), ...pairs].join(`,${blank}`);
          const time = timestamp === null ? '' : `${blank}${format === 'text' ? timestamp : timestamp / 1000}`;
          return `${bare ? name : ''}${block === '' ? '' : `{${block}${comma ? ',' : ''}}`}${blank}${text}${time}\n`;
        });
        const text = `${lines.join('# HELP x y\n')}${format === 'text' ? '' : '# EOF\n'}`;
        const expected = wanted.map(({ labels, ...rest }) => ({ ...rest, labels: fromEntries(labels) }));
        expect(parse(text, { format })).toEqual(expected);
      }),
      { seed: 20_251_218, numRuns: 400 },
    );
  });

  test('any text gives samples or a ReadError, never another error', () => {
    const unit = fc.constantFrom(
      'a',
      'b1',
      '{',
      '}',
      '"',
      '\\',
      ',',
      '=',
      ' ',
      '\n',
      '\r',
      '#',
      '1',
      '.',
      'e',
      '+',
      'NaN',
      '# EOF',
      '南',
    );
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 60 }), fc.boolean(), (text, whole) => {
        for (const format of ['text', 'openmetrics'] as const) {
          expect(outcome(() => parse(text, { format, whole }))).toMatch(/^(samples|ReadError)$/);
        }
      }),
      { seed: 20_251_218, numRuns: 3000 },
    );
  });
});

const shared = process.env['GREENFLOPS_SHARED'] ?? join(import.meta.dirname, '../../../../shared');
const recording = (path: string) => join(shared, 'recordings', path);
const there = existsSync(recording('npu'));
if (!there) console.warn(`skipped: no recordings under ${shared}; GREENFLOPS_SHARED names the folder that holds them`);

describe.skipIf(!there)('recordings of real exporters', () => {
  test('npu-exporter: eight chips, old explicit timestamps, empty vdie_id', () => {
    const samples = parse(readFileSync(recording('npu/npu_exporter_910.prom'), 'utf8'));
    const powers = samples.filter(({ name }) => name === 'npu_chip_info_power');
    expect(powers.map(({ labels }) => labels['id'])).toEqual(['0', '1', '2', '3', '4', '5', '6', '7']);
    expect(powers.every(({ labels, timestamp }) => labels['vdie_id'] === '' && timestamp === 1_606_402_000)).toBe(true);
    expect(samples[0]).toStrictEqual(sample('machine_npu_nums', {}, '8'));
  });

  test.each([
    'npu/npu_exporter_910.prom',
    'nvidia-smi/linux-x86_64__nvidia-h100-80gb-hbm3__590.48.01__load.prom',
    'nvidia-smi/linux-x86_64__nvidia-h100-80gb-hbm3__590.48.01__idle.prom',
    'nvidia-smi/linux-x86_64__nvidia-h200__590.48.01__idle.prom',
  ])('%s: one sample for each line that is no comment', (path) => {
    const text = readFileSync(recording(path), 'utf8');
    const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
    const samples = parse(text, { whole: true });
    expect(samples.map(({ name, text: value }) => [name, value])).toEqual(
      lines.map((line) => [/^\w+/.exec(line)?.[0], line.replace(/\{.*\}/, '').split(' ')[1]]),
    );
  });
});

function outcome(work: () => ExpositionSample[]): string {
  try {
    return work().every(({ text }) => text !== '') ? 'samples' : 'a sample without a value';
  } catch (error) {
    return error instanceof ReadError ? error.name : String(error);
  }
}

function failure(work: () => unknown): ReadError {
  try {
    work();
  } catch (error) {
    if (error instanceof ReadError) return error;
    throw error;
  }
  throw new Error('it was taken');
}

/** Unlike an assignment, this keeps a label that is named __proto__. */
const fromEntries = (entries: readonly (readonly [string, string])[]): Labels => Object.fromEntries(entries);
