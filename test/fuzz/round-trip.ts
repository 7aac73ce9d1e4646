import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { SampleError, Family } from '../../exporter/publish/text/family.ts';
import { LabelValues } from '../../exporter/publish/text/label-values.ts';
import { openmetricsEnd } from '../../exporter/publish/text/sample-text.ts';
import { parseExposition } from '../../exporter/read/exposition/exposition.ts';
import { ReadError } from '../../exporter/read/reader.ts';
import { decodeText } from '../../exporter/read/transport/text-answer.ts';
import { metric } from '../../model/metrics/metric.ts';
import type { Check } from '../tally.ts';
import { Random } from './random.ts';

const NAME = 'greenflops_fuzz_joules';
const LABELS = ['a', 'b'] as const;
const row = metric({
  name: NAME,
  type: 'gauge',
  unit: '',
  labels: LABELS,
  stability: 'stable',
  help: { zh: '"\\\n', en: '"\\\n' },
});

type Labels = Readonly<Record<(typeof LABELS)[number], string>>;
interface Case {
  readonly labels: Labels;
  readonly value: number;
}

/** Texts that a label may have to bear: what has to be escaped, other scripts, what looks like an end of line, 10 kB. */
const hard = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc
    .array(
      fc.constantFrom(
        '"',
        '\\',
        '\n',
        '\\n',
        '\r',
        '\t',
        '}',
        ',',
        '=',
        '#',
        ' ',
        'a',
        '电',
        '😀',
        '\u2028',
        '\u0085',
        '\u0000',
        '\uD83D',
        '\uFEFF',
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join('')),
  fc.constantFrom('x'.repeat(10_000), '电'.repeat(1024), '😀'.repeat(512), '\\'.repeat(1024), '"'.repeat(1024)),
);
const cases: fc.Arbitrary<Case> = fc.record({
  labels: fc.record({ a: hard, b: hard }),
  value: fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.constantFrom(0, -0, 1e300, 5e-324),
  ),
});

interface Rendered {
  readonly cases: readonly Case[];
  readonly text: string;
  readonly openmetrics: string;
}

/** Puts samples through our renderer; those that it refuses are left out and counted. */
async function render(some: readonly Case[], refused: Map<string, number>): Promise<Rendered> {
  const family = new Family(row, new LabelValues());
  family.begin();
  const kept: Case[] = [];
  for (const one of some) {
    try {
      family.set(one.labels, one.value, true);
      kept.push(one);
    } catch (error) {
      if (!(error instanceof SampleError)) throw error;
      const reason = /is \d+ characters long|holds a lone surrogate or NUL|was emitted twice/.exec(error.message)?.[0];
      const counted = reason?.replace(/\d+/, 'N') ?? error.message;
      refused.set(counted, (refused.get(counted) ?? 0) + 1);
    }
  }
  const body = (await family.render({ breathe: async () => {} })).toString('utf8');
  return {
    cases: kept,
    text: family.heads.text.toString() + body,
    openmetrics: family.heads.openmetrics.toString() + body + openmetricsEnd,
  };
}

const key = (labels: Readonly<Record<string, string>>, value: number): string =>
  JSON.stringify([labels['a'], labels['b'], value === 0 ? 0 : value]);
const wanted = ({ cases: kept }: Rendered): string[] => kept.map(({ labels, value }) => key(labels, value)).sort();

function ours(text: string, format: 'text' | 'openmetrics'): string[] {
  const samples = parseExposition(decodeText(Buffer.from(text)), { format });
  return samples
    .map(({ name, labels, text: value }) => {
      assert.equal(name, NAME);
      return key(labels, Number(value));
    })
    .sort();
}

const BATCH = 100;
const PYTHON = '/usr/bin/python3';
const script = fileURLToPath(new URL('parse.py', import.meta.url));
const probe = spawnSync(PYTHON, ['-c', 'import prometheus_client'], { encoding: 'utf8' });
const noPython =
  probe.status === 0 ? undefined : `${PYTHON} has no prometheus_client (Debian: python3-prometheus-client)`;

/** What the Python client reads of many texts; -0 is the same number to it. */
function python(
  texts: readonly { format: string; text: string }[],
): { samples?: [string, Labels, string][]; error?: string }[] {
  const { stdout, stderr, status } = spawnSync(PYTHON, [script], {
    input: texts.map((one) => `${JSON.stringify(one)}\n`).join(''),
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  });
  assert.equal(status, 0, stderr);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { samples?: [string, Labels, string][]; error?: string });
}

const FORMATS = ['text', 'openmetrics'] as const;

export function roundTripChecks(seed: string, count: number): readonly Check[] {
  const all: Rendered[] = [];
  const number = new Random(`${seed} round trip`).int(2 ** 30);
  return [
    [
      'what we render we read again, whatever the labels are, or it is refused and counted',
      async () => {
        const refused = new Map<string, number>();
        let kept = 0;
        for (let from = 0; from < count / 4; from += BATCH) {
          const some = fc.sample(cases, { numRuns: BATCH, seed: number + from });
          const rendered = await render(some, refused);
          for (const format of FORMATS)
            assert.deepEqual(
              ours(rendered[format], format),
              wanted(rendered),
              `GREENFLOPS_FUZZ_SEED=${seed}, samples from ${from}`,
            );
          kept += rendered.cases.length;
          if (all.length < 50) all.push(rendered);
        }
        assert.ok(kept > 0 && refused.size >= 2);
        const told = [...refused].map(([reason, times]) => `${reason}: ${times}`);
        console.log(`  ${kept} samples equal in both formats; refused: ${told.join(', ')}`);
      },
    ],
    [
      "what we render is what the Prometheus project's Python client reads",
      () => {
        const answers = python(all.flatMap((one) => FORMATS.map((format) => ({ format, text: one[format] }))));
        let samples = 0;
        for (const [index, rendered] of all.entries())
          for (const [place, format] of FORMATS.entries()) {
            const { samples: read, error } = answers[index * FORMATS.length + place] ?? {};
            assert.equal(error, undefined, `${format}, text ${index}, GREENFLOPS_FUZZ_SEED=${seed}`);
            const found = (read ?? []).map(([, labels, value]) => key(labels, Number(value))).sort();
            assert.deepEqual(found, wanted(rendered), `${format}, text ${index}, GREENFLOPS_FUZZ_SEED=${seed}`);
            samples += found.length;
          }
        assert.ok(samples > 0);
        console.log(`  ${samples} samples of ${answers.length} texts equal`);
      },
      noPython,
    ],
    [
      'bytes that are no UTF-8, surrogates written as CESU-8 among them, are refused as a whole',
      () => {
        for (const bytes of [
          [0xed, 0xa0, 0xbd],
          [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80],
          [0xc0, 0x80],
          [0xff],
          [0xf4, 0x90, 0x80, 0x80],
        ]) {
          const text = Buffer.concat([Buffer.from('a{b="'), Buffer.from(bytes), Buffer.from('"} 1\n')]);
          assert.throws(() => parseExposition(decodeText(text), { format: 'text' }), ReadError);
        }
      },
    ],
  ];
}
