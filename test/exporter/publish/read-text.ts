/** A reader of exposition text that shares nothing with the exporter: one character at a time, by the formats' grammar. */
export interface ReadLine {
  readonly name: string;
  readonly labels: Record<string, string>;
  readonly value: string;
}

function readLine(line: string): ReadLine {
  let at = 0;
  const until = (stop: string): string => {
    const start = at;
    while (at < line.length && !stop.includes(line.charAt(at))) at++;
    return line.slice(start, at);
  };
  const expected = (character: string): void => {
    if (line.charAt(at++) !== character) throw new Error(`no ${character} at ${at} of ${line}`);
  };
  const name = until('{ ');
  const labels: Record<string, string> = {};
  if (line.charAt(at) === '{') {
    at++;
    while (line.charAt(at) !== '}') {
      const label = until('=');
      expected('=');
      expected('"');
      let value = '';
      for (; line.charAt(at) !== '"'; at++) {
        if (at >= line.length) throw new Error(`an open quote in ${line}`);
        if (line.charAt(at) !== '\\') value += line.charAt(at);
        else value += { n: '\n', '"': '"', '\\': '\\' }[line.charAt(++at)] ?? '?';
      }
      expected('"');
      if (label in labels) throw new Error(`${label} twice in ${line}`);
      labels[label] = value;
      if (line.charAt(at) === ',') at++;
    }
    expected('}');
  }
  expected(' ');
  const value = line.slice(at);
  if (!/^-?\d+(\.\d+)?(e[+-]?\d+)?$/.test(value)) throw new Error(`no number: ${line}`);
  return { name, labels, value };
}

/** All samples of a text; comments are left out. */
export const readText = (text: string): ReadLine[] =>
  text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(readLine);
