import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { Self } from '../../../exporter/publish/self.ts';
import { readText } from './read-text.ts';

const linesOf = (text: Buffer): string[] => text.toString().split('\n');

test('counters keep their names however often OpenMetrics was asked for', async () => {
  const self = new Self();
  self.answered('/metrics', 200);
  await self.render();
  const { text, openmetrics } = await self.render();
  expect(linesOf(text)).toContain('# TYPE greenflops_http_requests_total counter');
  expect(linesOf(openmetrics)).toContain('# TYPE greenflops_http_requests counter');
  for (const rendered of [text, openmetrics]) {
    expect(linesOf(rendered)).toContain('greenflops_http_requests_total{path="/metrics",code="200"} 1');
    expect(linesOf(rendered)).toContain('greenflops_http_scrapes_in_flight 0');
  }
});

test('every line can be read, no gauge is called _total, and a family stands in one piece', async () => {
  const self = new Self();
  self.answered('other', 404);
  for (const rendered of Object.values(await self.render())) {
    const text = rendered.toString();
    const names = readText(text).map(({ name }) => name);
    expect(names).toContain('process_cpu_user_seconds_total');
    expect(names).toContain('nodejs_heap_size_used_bytes');
    const types = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => ({ name, type }));
    expect(types.filter(({ name, type }) => type === 'gauge' && name?.endsWith('_total'))).toEqual([]);
    expect(new Set(types.map(({ name }) => name)).size).toBe(types.length);
  }
});

test('a histogram has bounds as each format wants them', async () => {
  const self = new Self();
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  const bounds = (rendered: Buffer): string[] =>
    readText(rendered.toString()).flatMap(({ name, labels }) =>
      name === 'nodejs_gc_duration_seconds_bucket' && labels['kind'] === 'major' ? (labels['le'] ?? []) : [],
    );
  await expect
    .poll(async () => bounds((await self.render()).text))
    .toEqual(['0.001', '0.01', '0.1', '1', '2', '5', '+Inf']);
  const { openmetrics } = await self.render();
  expect(bounds(openmetrics)).toEqual(['0.001', '0.01', '0.1', '1.0', '2.0', '5.0', '+Inf']);
  expect(openmetrics.toString()).toMatch(/^# TYPE nodejs_gc_duration_seconds histogram$/m);
  expect(openmetrics.toString()).toMatch(/^nodejs_gc_duration_seconds_count\{kind="major"\} 1$/m);
});
