/** Everything in a calculated meter's formula that is neither number, operator nor bracket: 'gate - ups-1' names two. */
export const formulaNames = (formula: string): string[] =>
  formula.split(/[\s()]+/).filter((token) => token !== '' && !/^([-+*/]|\d+(\.\d+)?)$/.test(token));
