const read = 'every: _, source: { protocol: exposition, url: "file:///dev/null" }';

interface Facts {
  readonly site?: string;
  readonly role: string;
  /** More keys, as in YAML: 'parent: gate, category: 1' */
  readonly more?: string;
  readonly ratedKw?: number;
  readonly modulus?: string;
}

const row = (id: string, { site = 's', role, more, ratedKw = 200 }: Facts, rest: string): string =>
  `  - { id: ${id}, site: ${site}, role: ${role}, rated_kw: ${ratedKw}, ${more ? `${more}, ` : ''}${rest} }`;

/** A meter with an energy register of Wh. */
export const register = (id: string, facts: Facts): string =>
  row(id, facts, `${read}, registers: { energy: { metric: wh, scale_to_wh: 1, modulus: ${facts.modulus ?? 'none'} } }`);

/** A meter that is read for its power alone. */
export const power = (id: string, facts: Facts): string =>
  row(id, facts, `${read}, registers: { power: { metric: w, scale_to_w: 1 } }`);

/** A meter that is calculated from others. */
export const calculated = (id: string, formula: string, facts: Facts): string =>
  row(id, facts, `source: { protocol: calculated, formula: "${formula}" }`);

export const estate = (...rows: string[]): string => `meters:\n${rows.join('\n')}\n`;

export const constant = (kilowatts: number) => (): number => kilowatts;
