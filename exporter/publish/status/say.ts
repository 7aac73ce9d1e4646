import type { Language, Text } from '../../../model/text.ts';

/** The same in both languages. */
export const both = (say: (language: Language) => string): Text => ({ zh: say('zh'), en: say('en') });

/** Fills the {places} of a template. A place that nobody fills is a fault of the caller and stays visible. */
export const say = (template: Text, places: Readonly<Record<string, string | Text>>): Text =>
  both((language) =>
    template[language].replace(/\{(\w+)\}/g, (place, name: string) => {
      const filling = places[name] ?? place;
      return typeof filling === 'string' ? filling : filling[language];
    }),
  );

/** Several texts as parts of one sentence. */
export const list = (texts: readonly Text[], separator: Text = { zh: '，', en: ', ' }): Text =>
  both((language) => texts.map((text) => text[language]).join(separator[language]));
