/** A Chinese character is two columns wide on a terminal. */
const wide = (text: string): number => text.length + (text.match(/[\u2e80-\uffff]/g)?.length ?? 0);
const padded = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - wide(text)));

/** A cell's words in lines of at most `width` columns; a word that is wider stands alone. */
function wrapped(cell: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of cell.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && wide(last) + 1 + wide(word) <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Rows as a table with even columns; cells wider than `width` are wrapped. */
export function table(rows: readonly (readonly string[])[], width = Infinity): string {
  const cells = rows.map((row) => row.map((cell) => wrapped(cell, width)));
  const widths = cells[0]?.map((_, i) => Math.max(...cells.flatMap((row) => row[i]?.map(wide) ?? []))) ?? [];
  return cells
    .flatMap((row) =>
      Array.from({ length: Math.max(...row.map((lines) => lines.length)) }, (_, line) =>
        row
          .map((lines, i) => padded(lines[line] ?? '', widths[i] ?? 0))
          .join('  ')
          .trimEnd(),
      ),
    )
    .join('\n');
}
