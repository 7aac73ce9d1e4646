import type { Random } from './random.ts';

/** What stands in documents where something else is awaited. Raw text: numbers that no double holds, too. */
const VALUES = [
  'null',
  'true',
  'false',
  '0',
  '-1',
  '-0.0',
  '1e400',
  '12.5',
  '9007199254740993',
  '123456789012345678901234567890.5',
  '""',
  '"12"',
  '"N/A"',
  '"NaN"',
  '"4k"',
  '"-1"',
  '"电表\\n"',
  '"\\ud800"',
  '"2026-11-24T08:00:00Z"',
  '[]',
  '{}',
  '[null]',
  '[[1]]',
  '{"__proto__":1}',
  '{"length":3}',
  '"Absent"',
];

interface Slot {
  readonly holder: object;
  readonly key: string;
}

/** Every place of a value where another one can stand. */
const slotsIn = (holder: unknown): Slot[] =>
  typeof holder !== 'object' || holder === null
    ? []
    : Object.entries(holder).flatMap(([key, child]) => [{ holder, key }, ...slotsIn(child)]);

/** A document in which one to three values are others, are gone, or stand there twice: it stays JSON. */
export function mutateJson(documents: readonly string[], random: Random): string {
  const root = { document: JSON.parse(random.pick(documents)) as unknown };
  const marks: string[] = [];
  for (let left = 1 + random.int(3); left > 0; left--) {
    const { holder, key } = random.pick(slotsIn(root));
    const value: unknown = Reflect.get(holder, key);
    const way = random.int(8);
    if (way === 0 && Array.isArray(holder)) holder.splice(Number(key), 1);
    else if (way === 0 && holder !== root) Reflect.deleteProperty(holder, key);
    else if (way === 1) Reflect.set(holder, key, [value, value]);
    else if (way === 2) Reflect.set(holder, key, { [key]: value });
    else {
      // Stands for a text that JSON.stringify would not write.
      Reflect.set(holder, key, `@${marks.length}@`);
      marks.push(random.pick(VALUES));
    }
  }
  return JSON.stringify(root.document).replace(/"@(\d+)@"/g, (_, index: string) => marks[Number(index)] ?? 'null');
}
