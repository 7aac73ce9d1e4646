import assert from 'node:assert/strict';
import { parseExposition } from '../../../exporter/read/exposition/exposition.ts';
import { decodeText } from '../../../exporter/read/transport/text-answer.ts';
import { recordings } from '../recordings.ts';
import type { Target } from '../target.ts';

const texts = [
  '# HELP a b\n# TYPE a counter\na{b="c",d="e\\"\\\\\\n"} 1 1700000000000\na 2\n',
  '{"metric.name",label="x","quoted.label"="y"} 3.5e-3\n',
  'DCGM_FI_DEV_GPU_UTIL{gpu="0",UUID="GPU-1",device="nvidia0",modelName="NVIDIA H100 80GB HBM3",Hostname="节点-1"} 87\n',
  'x NaN\ny +Inf\nz -Inf\nw 0x1p3\n\n   \n# comment\nv{} 1\nu{a="",} 2\n',
];
const words = [
  'metric',
  'a_b:c',
  '{',
  '}',
  '{}',
  '="',
  '"',
  '\\"',
  '\\\\',
  '\\n',
  ',',
  ' ',
  '\t',
  '\n',
  '\r\n',
  '# HELP metric words\n',
  '# TYPE metric gauge\n',
  '# EOF\n',
  'label="value"',
  '__proto__="x"',
  '__name__="x"',
  '{"quoted.metric",a="b"} 1\n',
  '1',
  '-1.5e+10',
  'NaN',
  '+Inf',
  ' 1700000000000\n',
  ' # {trace_id="x"} 1 2\n',
  '电压',
];

/** Names and texts of a value are as the grammar has them, whatever came in. */
function read(bytes: Buffer, format: 'text' | 'openmetrics', whole: boolean): null {
  const text = decodeText(bytes);
  const samples = parseExposition(text, { format, whole });
  for (const { name, labels, text: value, timestamp } of samples) {
    assert.ok(name.length > 0 && value.length > 0);
    assert.ok(!/[\s,]/.test(value), 'a value is one word');
    assert.ok(timestamp === null || Number.isFinite(timestamp));
    for (const [label, its] of Object.entries(labels))
      assert.ok(label !== '' && label !== '__name__' && its.isWellFormed());
  }
  // Those that are kept are the same, whether the others are kept or not.
  const wanted = samples[0]?.name;
  const kept = parseExposition(text, { format, whole, keep: (name) => name === wanted });
  assert.deepEqual(
    kept,
    samples.filter(({ name }) => name === wanted),
  );
  return null;
}

const vendors = [
  ...recordings('test/exporter/vendors/text/*.prom', 1500),
  ...recordings('../shared/recordings/{npu,nvidia-smi}/*.prom', 1500),
];

export const expositionTargets: readonly Target[] = [
  {
    name: 'text',
    seeds: [...texts, ...vendors],
    words,
    read: (bytes, random) => read(bytes, 'text', random.int(2) === 0),
  },
  {
    name: 'openmetrics',
    seeds: [...texts.map((text) => `${text}# EOF\n`), 'a_total 1 1700000000.5 # {x="y"} 1 1700000000\n# EOF\n'],
    words,
    read: (bytes) => read(bytes, 'openmetrics', false),
  },
];
