import type { Text } from '../../../model/text.ts';

/** A text as CEL's literal. */
export const text = (value: string): string => `'${value.replaceAll(/[\\']/g, '\\$&')}'`;

/** Texts as CEL's list. */
export const texts = (values: readonly string[]): string => `[${values.map(text).join(', ')}]`;

/** A map from texts to values that are CEL already. */
export const map = (entries: readonly (readonly [key: string, value: string])[]): string =>
  `{${entries.map(([key, value]) => `${text(key)}: ${value}`).join(', ')}}`;

/** The value of a label of an object, or of a template; '' where there is none. */
export const label = (of: string, key: string): string => `${of}.?metadata.?labels[?${text(key)}].orValue('')`;

/** That the request's user is of one of the groups. */
export const ofGroups = (groups: readonly string[]): string =>
  `request.userInfo.?groups.orValue([]).exists(group, group in ${texts(groups)})`;

/**
 * What the API server tells whoever was refused, both languages in one line: a server does not know its users' language.
 * `{name}` stands for a value; `values` gives it as CEL.
 */
export function message(
  { zh, en }: Text,
  values: Readonly<Record<string, string | undefined>> = {},
): { readonly message: string; readonly messageExpression?: string } {
  const whole = `${zh} / ${en}`;
  const parts = whole.split(/\{(\w+)\}/);
  if (parts.length === 1) return { message: whole };
  return {
    message: whole.replaceAll(/\{\w+\}/g, '…'), // where the expression fails
    messageExpression: parts
      .map((part, i) => (i % 2 === 0 ? text(part) : `string(${valueOf(values, part)})`))
      .filter((part) => part !== "''")
      .join(' + '),
  };
}

function valueOf(values: Readonly<Record<string, string | undefined>>, name: string): string {
  const found = values[name];
  if (found === undefined) throw new Error(`the message wants {${name}}, and its policy gives none`);
  return found;
}
