import { expect, test } from 'vitest';
import { catalogue } from '../../model/metrics/index.ts';

/** They belong to Prometheus, Kubernetes or the summing of series: never labels of our own. */
const FORBIDDEN =
  /^(stage|cluster|namespace|pod|container|service|job|instance|endpoint|region|zone|le|quantile|exported_.*|__.*)$/;
/** Units that a name may end in; PFlops are the plan's own, the one exception to base units. */
const UNITS = /_(joules|watts|seconds|ratio|bytes|kilograms|litres|celsius|volts|amperes|meters|pflops|pflop_seconds)$/;

test.each(catalogue.map((metric) => [metric.name, metric] as const))('%s is well-formed', (name, metric) => {
  expect(name).toMatch(/^greenflops_[a-z0-9]+(_[a-z0-9]+)*$/);
  expect(name.endsWith('_total')).toBe(metric.type === 'counter');
  expect(name).not.toMatch(/_(count|sum|bucket|created)$/);
  const base = name.replace(/_total$/, '');
  expect(UNITS.exec(base)?.[1] ?? '').toBe(metric.unit);
  expect(new Set(metric.labels).size).toBe(metric.labels.length);
  for (const label of metric.labels) {
    expect(label).toMatch(/^[a-z][a-z0-9_]*$/);
    expect(label).not.toMatch(FORBIDDEN);
  }
  expect(metric.help.zh).toMatch(/\p{Script=Han}/u);
  expect(metric.help.en).toMatch(/[a-z]/);
  expect(metric.help.en).not.toMatch(/\p{Script=Han}|\n/u);
});

test('no name stands twice, and no counter beside a gauge of its base name', () => {
  const bases = catalogue.map(({ name }) => name.replace(/_total$/, ''));
  expect(new Set(bases).size).toBe(bases.length);
});
