import type { Text } from '../../model/text.ts';
import { formats, ranges, undecided } from './formats.ts';
import { quoted, type Verdict } from './problem.ts';
import type { Schema } from './schema.ts';

/** Pattern, length (in code points) and format of a text. */
export function textFaults(value: string, schema: Schema, verdict: Verdict, path: string): void {
  const refuse = (detail: Text) => void verdict.problems.push({ path, detail });
  const { pattern, minLength = 0, maxLength = Infinity, format } = schema;
  const length = Array.from(value).length;
  if (length > maxLength)
    refuse({ zh: `${length} 个字符，最多 ${maxLength} 个`, en: `${length} characters, at most ${maxLength}` });
  if (length < minLength)
    refuse({ zh: `${length} 个字符，至少 ${minLength} 个`, en: `${length} characters, at least ${minLength}` });
  if (pattern !== undefined) {
    const expression = compiled(pattern);
    if (!expression) verdict.unchecked.set(`${path} pattern ${pattern}`, NOT_JAVASCRIPT);
    else if (!expression.test(value))
      refuse({ zh: `${quoted(value)} 不匹配 ${pattern}`, en: `${quoted(value)} must match ${pattern}` });
  }
  if (format === undefined) return;
  if (undecided.has(format)) verdict.unchecked.set(`${path} format ${format}`, NO_FORMAT);
  else if (Object.hasOwn(formats, format) && !formats[format]?.(value))
    refuse({ zh: `${quoted(value)} 不是 ${format} 格式`, en: `${quoted(value)} is no ${format}` });
}

export function numberFaults(value: number, schema: Schema, verdict: Verdict, path: string): void {
  const refuse = (detail: Text) => void verdict.problems.push({ path, detail });
  const {
    minimum = -Infinity,
    maximum = Infinity,
    exclusiveMinimum,
    exclusiveMaximum,
    multipleOf,
    format = '',
  } = schema;
  const [least, most] = (schema.type === 'integer' && Object.hasOwn(ranges, format) && ranges[format]) || [
    -Infinity,
    Infinity,
  ];
  if (value > maximum || (exclusiveMaximum && value === maximum) || value > most)
    refuse({
      zh: `${value} 超过上限 ${Math.min(maximum, most)}`,
      en: `${value} is above the maximum ${Math.min(maximum, most)}`,
    });
  if (value < minimum || (exclusiveMinimum && value === minimum) || value < least)
    refuse({
      zh: `${value} 低于下限 ${Math.max(minimum, least)}`,
      en: `${value} is below the minimum ${Math.max(minimum, least)}`,
    });
  if (multipleOf !== undefined && !Number.isInteger(value / multipleOf))
    refuse({ zh: `${value} 不是 ${multipleOf} 的倍数`, en: `${value} is no multiple of ${multipleOf}` });
}

/** Schemas are written in Go's RE2, of which nearly all means the same here; a leading (?i) is a flag here. */
function compiled(pattern: string): RegExp | undefined {
  const bare = pattern.replace(/^(\^?)\(\?i\)/, '$1');
  const flags = bare === pattern ? '' : 'i';
  try {
    return new RegExp(bare, `${flags}u`);
  } catch {
    try {
      return new RegExp(bare, flags); // a needless escape: Go allows it, the flag u does not
    } catch {
      return undefined;
    }
  }
}

const NOT_JAVASCRIPT: Text = { zh: '此正则式只有 RE2 认识', en: 'a regular expression that RE2 alone understands' };
const NO_FORMAT: Text = { zh: '此格式只有 API 服务器会判', en: 'a format that only an API server decides' };
