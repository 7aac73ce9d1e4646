const GAP = 2;

/** Words of a cell in lines of at most `width`; a longer word gets a line of its own. */
function wrapped(cell: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of cell.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Column widths that fit into `width`: the widest column gives way first, down to its longest word. */
function widthsOf(all: readonly (readonly string[])[], width: number): number[] {
  const longest = (of: (cell: string) => number) =>
    (all[0] ?? []).map((_, i) => Math.max(...all.map((row) => of(row[i] ?? ''))));
  const least = longest((cell) => Math.max(...cell.split(' ').map((word) => word.length)));
  const widths = longest((cell) => cell.length);
  const room = width - GAP * (widths.length - 1);
  while (widths.reduce((sum, one) => sum + one, 0) > room) {
    const spare = widths.map((one, i) => (one > (least[i] ?? 0) ? one : 0));
    const widest = spare.indexOf(Math.max(...spare));
    if ((spare[widest] ?? 0) === 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

/** Rows under a head, in at most `width` columns where the words allow it; long cells go on in further lines. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], width = 160): string {
  const widths = widthsOf([head, ...rows], width);
  const lines = (row: readonly string[]): string[] => {
    const cells = row.map((cell, i) => wrapped(cell, widths[i] ?? 0));
    return Array.from({ length: Math.max(...cells.map((cell) => cell.length)) }, (_, line) =>
      cells
        .map((cell, i) => (cell[line] ?? '').padEnd(widths[i] ?? 0))
        .join(' '.repeat(GAP))
        .trimEnd(),
    );
  };
  return [head, widths.map((one) => '-'.repeat(one)), ...rows].flatMap(lines).join('\n');
}
