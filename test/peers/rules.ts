import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parse, stringify } from 'yaml';
import { alerts } from '../../alerts/index.ts';
import { loadPlan } from '../../model/load.ts';
import { provinceCases } from '../alerts/province-cases.ts';
import { ruleCases, type RuleCase } from '../alerts/rule-cases.ts';
import { wordedTests } from '../alerts/worded.ts';
import type { Check } from '../tally.ts';
import { peerTools } from './tools.ts';

const committed = fileURLToPath(new URL('../../alerts/generated/greenflops-rules.yaml', import.meta.url));
const shipped = fileURLToPath(new URL('../../plan', import.meta.url));

/** Runs promtool; rejects with all that it says. */
async function promtool(args: readonly string[]): Promise<void> {
  const { promtool: program } = await peerTools();
  // one core: the other is for what is measured beside it
  const env = { ...process.env, GOMAXPROCS: '1' };
  await promisify(execFile)(program, args, { maxBuffer: 1 << 24, env }).catch((error: unknown) => {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`promtool ${args.slice(0, 2).join(' ')}:\n${stdout}${stderr}`.slice(0, 6000), { cause: error });
  });
}

/** A rule test of the shipped file: what of an alert fires at each minute, by one of its labels. */
const ruleTest = ({ title, alert, by, input, firing }: RuleCase): object => ({
  name: `${alert} ${title}`,
  interval: '1m',
  input_series: input,
  promql_expr_test: firing.map(([minute, values]) => ({
    expr: `count by (${by}) (ALERTS{alertname="${alert}",alertstate="firing"})`,
    eval_time: `${minute}m`,
    exp_samples: values.map((value) => ({ labels: `{${by}="${value}"}`, value: 1 })),
  })),
});

type Rule = Readonly<Record<'expr' | 'alert' | 'record', string | undefined>>;
interface Groups {
  readonly groups: readonly (Readonly<Record<string, unknown>> & { readonly rules: readonly Rule[] })[];
}

/** Of the shipped groups an alert and the rules that it is made of: promtool would evaluate all others at each minute too. */
function rulesOf(alert: string): Groups {
  const { groups } = parse(readFileSync(committed, 'utf8')) as Groups;
  const all = groups.flatMap(({ rules }) => rules);
  const kept = new Set(all.filter((rule) => rule.alert === alert));
  // grows while it is walked
  for (const { expr = '' } of kept) {
    const named = new Set(expr.match(/[A-Za-z_:][\w:]*/g));
    for (const rule of all) if (rule.record !== undefined && named.has(rule.record)) kept.add(rule);
  }
  return {
    groups: groups
      .map((group) => ({ ...group, rules: group.rules.filter((rule) => kept.has(rule)) }))
      .filter(({ rules }) => rules.length > 0),
  };
}

/** @param rules the whole shipped file where it is left out */
async function passes(tests: readonly object[], rules?: Groups): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'greenflops-rules-'));
  try {
    const [file, own] = [join(folder, 'test.yaml'), join(folder, 'rules.yaml')];
    if (rules) await writeFile(own, stringify(rules, { aliasDuplicateObjects: false }));
    const rule_files = [rules ? own : committed];
    await writeFile(
      file,
      stringify({ rule_files, evaluation_interval: '1m', tests }, { aliasDuplicateObjects: false }),
    );
    await promtool(['test', 'rules', file]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function everyAlert(cases: readonly RuleCase[]): void {
  for (const { name } of alerts) {
    const own = cases.filter(({ alert }) => alert === name).flatMap(({ firing }) => firing);
    assert.ok(
      own.some(([, values]) => values.length > 0),
      `${name}: a case in which it fires`,
    );
    assert.ok(
      own.some(([, values]) => values.length === 0),
      `${name}: a case in which it is quiet`,
    );
  }
}

/** The shipped rule file, in promtool's hands. */
export function ruleChecks(): Check[] {
  const plan = loadPlan(shipped);
  const target = plan.promise.targets.find(({ id }) => id === 'computing-service-scale');
  assert.ok(target);
  const cases = ruleCases(target);
  return [
    ['promtool check rules, all lints', () => promtool(['check', 'rules', '--lint=all', '--lint-fatal', committed])],
    ['every alert has a case in which it fires and one in which it is quiet', () => everyAlert(cases)],
    ['the texts of an alert, as they arrive', () => passes(wordedTests(plan))],
    ...provinceCases.map(({ title, test }): Check => [title, () => passes([test])]),
    ...cases.map((one): Check => [`${one.alert} ${one.title}`, () => passes([ruleTest(one)], rulesOf(one.alert))]),
  ];
}
