import { Environment, EvaluationError, type ParseResult } from '@marcbachmann/cel-js';
import type { Text } from '../../model/text.ts';
import { celValue } from './cel-value.ts';
import type { Verdict } from './problem.ts';
import type { Rule, Schema } from './schema.ts';

/** The x-kubernetes-validations of one schema: what a CRD's author asks beyond types. */
export function rules(value: unknown, schema: Schema, verdict: Verdict, path: string): void {
  for (const rule of schema['x-kubernetes-validations'] ?? []) {
    const made = compile(rule.rule);
    const skip = (why: Text) => void verdict.unchecked.set(`${path || '(object)'} ${oneLine(rule.rule)}`, why);
    // A rule about a change decides nothing about an object that is new.
    if (/\boldSelf\b/.test(rule.rule)) skip(ON_UPDATE);
    else if (typeof made === 'string') skip({ zh: `引擎不能解析：${made}`, en: `the engine cannot read it: ${made}` });
    else judge(made, rule, celValue(value, schema), verdict, path, skip);
  }
}

function judge(
  made: ParseResult,
  rule: Rule,
  self: unknown,
  verdict: Verdict,
  path: string,
  skip: (why: Text) => void,
): void {
  let holds: unknown;
  try {
    holds = made({ self });
  } catch (error) {
    const why = oneLine(error instanceof Error ? error.message : String(error));
    if (!(error instanceof EvaluationError && REFUSED.has(error.code ?? '')))
      return skip({ zh: `引擎不能求值：${why}`, en: `the engine cannot evaluate it: ${why}` });
    const detail = oneLine(rule.rule);
    return void verdict.problems.push({
      path,
      detail: { zh: `规则无法求值（${why}）：${detail}`, en: `the rule cannot be evaluated (${why}): ${detail}` },
    });
  }
  if (holds === true) return;
  const said = message(rule, self);
  const where = rule.fieldPath === undefined ? path : `${path}${rule.fieldPath}`;
  verdict.problems.push({ path: where, detail: { zh: said, en: said } });
}

/** As an API server words it: what the expression gives, else the message, else the rule. */
function message({ rule, message: fixed, messageExpression }: Rule, self: unknown): string {
  if (messageExpression !== undefined) {
    const made = compile(messageExpression);
    try {
      const said: unknown = typeof made === 'string' ? undefined : made({ self });
      if (typeof said === 'string' && said.trim() !== '') return said;
    } catch {
      // an API server falls back on the fixed message, too
    }
  }
  return fixed ?? `failed rule: ${oneLine(rule)}`;
}

/** Where a rule ends so, an API server refuses, too; any other error may be the engine's own limit. */
const REFUSED = new Set(['no_such_key', 'index_out_of_bounds', 'division_by_zero']);

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

const environment = new Environment({
  unlistedVariablesAreDyn: true,
  enableOptionalTypes: true,
  homogeneousAggregateLiterals: false,
});
const compiledRules = new Map<string, ParseResult | string>();

/** The rule ready to run, or why it cannot be. */
function compile(rule: string): ParseResult | string {
  const known = compiledRules.get(rule);
  if (known !== undefined) return known;
  let made: ParseResult | string;
  try {
    made = environment.parse(rule);
    const { valid, error } = made.check();
    if (!valid) made = oneLine(error?.message ?? 'type error');
  } catch (error) {
    made = oneLine(error instanceof Error ? error.message : String(error));
  }
  compiledRules.set(rule, made);
  return made;
}

const ON_UPDATE: Text = {
  zh: '只在更新时与旧对象比较',
  en: 'compares with the object as it stands, on an update alone',
};
