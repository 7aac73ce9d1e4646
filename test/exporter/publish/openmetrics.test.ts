import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { catalogue } from '../../../model/metrics/index.ts';
import { Board } from '../../../exporter/publish/exposition.ts';
import { Self } from '../../../exporter/publish/self.ts';
import { emitScene, NOW } from './made-up.ts';

const python = (script: string, input = '') =>
  spawnSync('python3', ['-c', script], { input, encoding: 'utf8', timeout: 15_000 });
const missing = python('import prometheus_client.openmetrics.parser').status !== 0;
if (missing)
  console.warn(
    'skipped: python3 has no prometheus_client, whose parsers judge /metrics (pip install prometheus-client)',
  );

const READ = `
import sys
from prometheus_client.PARSER import text_string_to_metric_families as read
print(sum(len(family.samples) for family in read(sys.stdin.read())))
`;

/** Two outside parsers of another house: the strict one of OpenMetrics and that of text 0.0.4. */
test.skipIf(missing).each([
  ['openmetrics', 'openmetrics.parser'],
  ['text', 'parser'],
] as const)('%s: every sample is read by prometheus_client.%s', async (format, parser) => {
  const cycle = new Board({ catalogue, clock: { wall: () => NOW } }).begin();
  emitScene(cycle.emit, { days: true, down: ['nc-ups-2'] });
  const self = new Self();
  self.answered('/metrics', 200);
  const snapshot = await cycle.finish(await self.render());
  const text = Buffer.concat(snapshot[format].plain).toString();
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
  const { stdout, stderr } = python(READ.replace('PARSER', parser), text);
  expect(stderr).toBe('');
  expect(Number(stdout)).toBe(samples);
  expect(samples).toBeGreaterThan(200);
});
