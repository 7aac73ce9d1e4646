import { parseDecimal, type Rational } from '../../../model/rational.ts';
import type { Text } from '../../../model/text.ts';

const THOUSANDS = /^[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?$/;

/**
 * A figure of 0 or more, or why it is none. Thousands separators are read where the comma cannot be a decimal one: in a
 * file whose columns are not parted by semicolons.
 */
export function figureOf(name: string, text: string, delimiter: string): Rational | Text {
  const fault = (zh: string, en: string): Text => ({ zh: `${name} ${zh}`, en: `${name} ${en}` });
  if (text === '')
    return fault(
      '为空：没有数值的行请删去（空缺不等于零）',
      'is empty: leave out lines without a figure (absent is not zero)',
    );
  const separated = THOUSANDS.test(text) && delimiter !== ';';
  const figure = parseDecimal(separated ? text.replaceAll(',', '') : text);
  if (figure === null) {
    if (/^[+-]?\d+(?:\.\d{3})*,\d+$/.test(text))
      return fault(`"${text}" 用了小数逗号：请用小数点`, `"${text}" has a decimal comma: write a decimal point`);
    if (/^[+-]?[\d.,]+ *\p{L}+$/u.test(text))
      return fault(
        `"${text}" 带有单位：单位请写在表头或 unit 列`,
        `"${text}" has a unit: say it in the header or in a column "unit"`,
      );
    return fault(`"${text}" 不是十进制数`, `"${text}" is no decimal number`);
  }
  if (figure.n < 0n) return fault(`"${text}" 为负：须为 0 或以上`, `"${text}" is negative: it must be 0 or more`);
  return figure;
}
