/** The two languages of everything that people read. Ids and labels stay ASCII. */
export const languages = ['zh', 'en'] as const;
export type Language = (typeof languages)[number];

/** One text in both languages; the key names the language. */
export type Text = Readonly<Record<Language, string>>;
