import { MappingType, type ValueMapping, type ValueMappingResult } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Language, Text } from '../model/text.ts';

/** Words for values, in the order of the list; values that it lacks show as they are. */
export function mapping(words: Readonly<Record<string, Text>>, language: Language): ValueMapping {
  const results = Object.entries(words).map(([value, text], index) => [value, { text: text[language], index }]);
  return { type: MappingType.ValueToText, options: Object.fromEntries(results) as Record<string, ValueMappingResult> };
}

/**
 * A judgement of 1 or 0 in words. Blue and orange: red means loss in one country and luck in another, and green beside
 * red is one colour to many.
 */
export const judgement = (yes: Text, no: Text, language: Language): ValueMapping => ({
  type: MappingType.ValueToText,
  options: {
    1: { text: yes[language], color: 'blue', index: 0 },
    0: { text: no[language], color: 'orange', index: 1 },
  },
});

/** Any count above zero in the same words. */
export const anyOf = (text: Text, language: Language): ValueMapping => ({
  type: MappingType.RangeToText,
  options: { from: 1, to: null, result: { text: text[language], color: 'orange', index: 0 } },
});
