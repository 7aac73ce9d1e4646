import { z } from 'zod';
import { fault, type Fault } from './fault.ts';
import { isPlainCode } from './messages.ts';
import { known, nearest } from './nearest.ts';
import type { Text } from './text.ts';
import type { Path } from './yaml-tree.ts';

type Issue = z.core.$ZodIssue;

const TYPES: Record<string, Text> = {
  string: { zh: '文字', en: 'text' },
  number: { zh: '数', en: 'a number' },
  int: { zh: '整数', en: 'a whole number' },
  boolean: { zh: 'true 或 false', en: 'true or false' },
  object: { zh: '映射', en: 'a mapping' },
  record: { zh: '映射', en: 'a mapping' },
  array: { zh: '列表', en: 'a list' },
  null: { zh: 'null', en: 'null' },
};

/** zod tells which keys are wrong, not which would be right: they travel in the issue's message. */
export function knownKeys(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code !== 'unrecognized_keys') return undefined;
  if (issue.inst instanceof z.ZodObject) return Object.keys(issue.inst.shape).join(' ');
  if (issue.inst instanceof z.ZodRecord && issue.inst.keyType instanceof z.ZodEnum)
    return issue.inst.keyType.options.join(' ');
  return undefined;
}

function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, step) => (typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined),
    root,
  );
}

/** What an issue at the root of a union's branch would have taken: its values or its type. */
function wanted(issue: Issue): (string | Text)[] {
  if (issue.code === 'invalid_value') return issue.values.map((value) => String(value));
  if (issue.code === 'invalid_type') return [TYPES[issue.expected] ?? issue.expected];
  if (issue.code === 'invalid_union') return issue.errors.flatMap((branch) => branch.flatMap(wanted));
  return [];
}

const either = (options: readonly (string | Text)[]): Text => {
  const joined = (language: 'zh' | 'en'): string =>
    [...new Set(options.map((option) => (typeof option === 'string' ? option : option[language])))].join(' | ');
  return { zh: joined('zh'), en: joined('en') };
};

function choice(path: Path, value: unknown, options: readonly (string | Text)[]): Fault[] {
  if (value === undefined) return [fault(path, 'value', 'missing', { expected: either(options) })];
  const words = options.filter((option) => typeof option === 'string');
  const meant = typeof value === 'string' ? nearest(value, words) : undefined;
  return [fault(path, 'value', 'not_one_of', { expected: either(options) }, meant)];
}

const SIZES: Record<string, 'wrong_count' | 'wrong_length'> = { array: 'wrong_count', string: 'wrong_length' };

function limitOf(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  const [sign, bound] = issue.code === 'too_small' ? ['>', issue.minimum] : ['<', issue.maximum];
  return `${issue.exact ? '=' : issue.inclusive ? `${sign}=` : sign} ${bound}`;
}

/** A branch of a union that wanted another kind of value altogether. */
const ALIEN = 1000;
/** How far a branch of a union is from the value. */
const remoteness = (branch: readonly Issue[]): number =>
  branch.reduce((sum, issue) => {
    if (issue.code === 'unrecognized_keys') return sum + issue.keys.length;
    return sum + (issue.path.length === 0 ? ALIEN : 1);
  }, 0);

const atKey = (found: Fault): Fault => ({ ...found, spot: 'key' });
const isStep = (step: PropertyKey): step is string | number => typeof step !== 'symbol';

/** zod's issues as faults, each with what was expected and the nearest right word. `root` is what was parsed. */
export function schemaFaults(issues: readonly Issue[], root: unknown, prefix: Path = []): Fault[] {
  return issues.flatMap((issue) => faultsOfIssue(issue, root, [...prefix, ...issue.path.filter(isStep)]));
}

function faultsOfIssue(issue: Issue, root: unknown, path: Path): Fault[] {
  const value = valueAt(root, path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => {
        const keys = issue.message.split(' ');
        return fault([...path, key], 'key', 'unknown_key', { known: known(keys) }, nearest(key, keys));
      });
    case 'invalid_key':
      return issue.issues.flatMap((inner) => faultsOfIssue(inner, root, path)).map(atKey);
    case 'invalid_union': {
      if (issue.inclusive !== false && issue.options) return choice(path, value, issue.options.map(String));
      if (isPlainCode(issue.message)) return [fault(path, 'value', issue.message, {})];
      const best = issue.errors.toSorted((a, b) => remoteness(a) - remoteness(b))[0] ?? [];
      return remoteness(best) < ALIEN ? schemaFaults(best, root, path) : choice(path, value, wanted(issue));
    }
    case 'invalid_value':
      return isPlainCode(issue.message)
        ? [fault(path, 'value', issue.message, {})]
        : choice(path, value, wanted(issue));
    case 'invalid_type':
      if (value === undefined) return [fault(path, 'value', 'missing', { expected: either(wanted(issue)) })];
      if (isPlainCode(issue.message)) return [fault(path, 'value', issue.message, {})];
      return [fault(path, 'value', 'wrong_type', { expected: either(wanted(issue)) })];
    case 'too_small':
    case 'too_big':
      return [fault(path, 'value', SIZES[issue.origin] ?? 'out_of_range', { limit: limitOf(issue) })];
    default:
      if (isPlainCode(issue.message)) return [fault(path, 'value', issue.message, {})];
      return [fault(path, 'value', 'invalid', { detail: issue.message })];
  }
}
