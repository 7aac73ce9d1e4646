import { readFileSync } from 'node:fs';
import { parser } from '@prometheus-io/lezer-promql';
import type { SyntaxNode } from '@lezer/common';
import { describe, expect, test } from 'vitest';
import { alertFiles } from '../../alerts/alert-files.ts';
import { alerts } from '../../alerts/index.ts';
import { ruleGroups } from '../../alerts/rule-groups.ts';
import { loadPlan } from '../../model/load.ts';
import { catalogue } from '../../model/metrics/index.ts';
import { recorded as named } from '../../model/metrics/recorded.ts';
import { boards } from '../../dashboards/boards.ts';
import { planFolder } from '../plan-folder.ts';

const root = new URL('../../', import.meta.url);
const plan = loadPlan(new URL('plan', root).pathname);
const rules = ruleGroups(plan).flatMap((group) => group.rules);
const recorded = new Set(rules.flatMap(({ record }) => record ?? []));

/** Names of nodes of a kind below a node, and whether the text is PromQL at all. */
function read(expr: string) {
  const text = (node: SyntaxNode) => expr.slice(node.from, node.to);
  const selectors: { name: string; labels: string[] }[] = [];
  const grouping: string[] = [];
  const kinds = new Set<string>();
  let errors = 0;
  parser.parse(expr).iterate({
    enter({ node, type }) {
      if (type.isError) errors += 1;
      kinds.add(type.name);
      if (type.name === 'VectorSelector') {
        const name = node.getChild('Identifier');
        const matchers = node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? [];
        const labels = matchers.map((one) => one.getChild('LabelName')).flatMap((one) => (one ? text(one) : []));
        selectors.push({ name: name ? text(name) : '', labels });
      }
      if (type.name === 'GroupingLabels') grouping.push(...node.getChildren('LabelName').map(text));
    },
  });
  return { selectors, grouping, kinds, errors };
}

const labelsOf = (name: string): readonly string[] | undefined =>
  catalogue.find((metric) => metric.name === name)?.labels ??
  (recorded.has(name) ? [...(/^[^:]+/.exec(name)?.[0].split('_') ?? []), 'meter'] : undefined);
const allLabels = new Set<string>(catalogue.flatMap(({ labels }) => labels));

describe.each(rules.map((rule) => [rule.record ?? rule.alert ?? '', rule] as const))('%s', (_, rule) => {
  const { selectors, grouping, kinds, errors } = read(rule.expr);

  test('is PromQL over metrics, labels and recorded series that exist', () => {
    expect(errors).toBe(0);
    expect(selectors.length + Number(rule.expr.startsWith('vector('))).toBeGreaterThan(0);
    for (const { name, labels } of selectors) {
      expect(labelsOf(name), name).toBeDefined();
      expect(labelsOf(name), name).toEqual(expect.arrayContaining(labels));
    }
    for (const label of grouping) expect(allLabels).toContain(label);
  });

  test('averages nothing: a mean of ratios is no ratio', () => {
    expect([...kinds].filter((kind) => kind.startsWith('Avg'))).toEqual([]);
  });
});

test('the lint sees what is wrong', () => {
  expect(read('sum by (site) (foo').errors).toBeGreaterThan(0);
  expect(read('avg(greenflops_pue_ratio)').kinds).toContain('Avg');
  expect(read('avg_over_time(greenflops_pue_ratio[1d])').kinds).toContain('AvgOverTime');
  expect(read('a{b="c"} and on (d) e').selectors).toEqual([
    { name: 'a', labels: ['b'] },
    { name: 'e', labels: [] },
  ]);
  expect(read('a and on (d) e').grouping).toEqual(['d']);
});

test('every recorded series has the form level:metric:operations and is used', () => {
  const used = new Set(rules.flatMap(({ expr }) => read(expr).selectors.map(({ name }) => name)));
  const shown = [...boards(plan).values()].join();
  for (const name of recorded) {
    expect(name).toMatch(/^[a-z_]+:greenflops_[a-z0-9_]+:[a-z0-9_]+$/);
    expect(used.has(name) || shown.includes(name), `${name} is used by a rule or a board`).toBe(true);
  }
});

test('every recorded series that boards know by name is recorded', () => {
  for (const { name } of named) expect([...recorded]).toContain(name);
});

describe.each(rules.filter(({ alert }) => alert !== undefined).map((rule) => [rule.alert, rule] as const))(
  '%s',
  (_, rule) => {
    const { labels = {}, annotations = {} } = rule;

    test('has a severity, and no label that changes with the value', () => {
      expect(['critical', 'warning', 'info']).toContain(labels['severity']);
      for (const value of Object.values(labels)) expect(value).not.toMatch(/\$value|\.Value/);
    });

    test('says all in both languages', () => {
      for (const key of ['summary', 'description', 'runbook_url', 'dashboard']) {
        expect(annotations[key], key).toMatch(/^[^\p{Script=Han}]+$/u);
        expect(annotations[`${key}_zh`], key).toBeTruthy();
      }
      expect(annotations['summary_zh']).toMatch(/\p{Script=Han}.*。$/u);
      expect(annotations['description_zh']).toMatch(/\p{Script=Han}/u);
      expect(annotations['summary']).toMatch(/\.$/);
      expect(annotations['summary'], 'the same for a whole group').not.toContain('{{');
    });

    test('waits, in its rule or in its expression, and does not flap', () => {
      expect(rule.for ?? rule.expr).toMatch(/^\d+[mhd]$|:verdict\d/);
      expect(rule.keep_firing_for).toMatch(/^\d+[mhd]$/);
    });
  },
);

describe('the generated files', () => {
  test('are committed as the plan has them', () => {
    for (const [path, text] of alertFiles(plan))
      expect(readFileSync(new URL(path, root), 'utf8'), `${path}: npm run build`).toBe(text);
  });

  test('have Chinese that a reader can read, and the same bytes each time', () => {
    const [[, rulesText] = ['', '']] = alertFiles(plan);
    expect(rulesText).toContain('园区的 PUE 正在偏离目标。');
    expect(rulesText).not.toMatch(/\\u/);
    expect([...alertFiles(plan)]).toEqual([...alertFiles(plan)]);
  });

  test('follow the declaration: a site of another size has another rated power', () => {
    const estate = readFileSync(new URL('plan/estate.yaml', root), 'utf8').replace(
      'it_rated_kw: 160',
      'it_rated_kw: 512',
    );
    const { dir, remove } = planFolder(estate);
    try {
      const [[, text] = ['', '']] = alertFiles(loadPlan(dir));
      expect(text).toContain('vector(512000)');
      expect(text).not.toContain('vector(160000)');
    } finally {
      remove();
    }
  });
});

test('names are one prefix and CamelCase, once each', () => {
  const names = alerts.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^Greenflops([A-Z][a-z]+)+$/);
});
