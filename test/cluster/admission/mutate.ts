import fc from 'fast-check';
import { isFields, type Fields } from '../../../infra/admission/schema.ts';

type Path = readonly (string | number)[];

/** Every place in an object below apiVersion, kind and metadata. */
function places(value: unknown, path: Path = []): Path[] {
  if (Array.isArray(value)) return value.flatMap((item, i) => [[...path, i], ...places(item, [...path, i])]);
  if (!isFields(value)) return [];
  return Object.entries(value).flatMap(([key, child]) =>
    path.length === 0 && ['apiVersion', 'kind', 'metadata'].includes(key)
      ? []
      : [[...path, key], ...places(child, [...path, key])],
  );
}

/** A copy in which the value at `path` is what `change` makes of it; undefined takes it away. */
export function changed(object: Fields, [key, ...rest]: Path, change: (value: unknown) => unknown): Fields {
  const edit = (value: unknown, path: Path): unknown => {
    const [step, ...more] = path;
    if (step === undefined) return change(value);
    if (Array.isArray(value))
      return value.flatMap((item: unknown, i) => (i === step ? (edit(item, more) ?? []) : [item]));
    const fields = isFields(value) ? value : {};
    const next = edit(fields[step], more);
    const { [step]: _, ...others } = fields;
    return next === undefined ? others : { ...fields, [step]: next };
  };
  return edit(object, key === undefined ? [] : [key, ...rest]) as Fields;
}

/** What an author gets wrong, by name. What comes out may still be right: the API server says. */
const faults: Readonly<Record<string, (value: unknown) => unknown>> = {
  dropped: () => undefined,
  'of another type': (value) =>
    typeof value === 'string'
      ? 7
      : typeof value === 'number'
        ? 'seven'
        : typeof value === 'boolean'
          ? 'true'
          : Array.isArray(value)
            ? { a: 1 }
            : ['a'],
  null: () => null,
  'out of the list': (value) => (typeof value === 'string' ? 'Nonsense' : value),
  'unknown field': (value) => (isFields(value) ? { ...value, nonsense: 1 } : value),
  'out of range': (value) => (typeof value === 'number' ? -3_000_000_000 : value),
  'a fraction': (value) => (typeof value === 'number' ? value + 0.5 : value),
  empty: (value) => (typeof value === 'string' ? '' : Array.isArray(value) ? [] : isFields(value) ? {} : value),
  twice: (value) => (Array.isArray(value) ? [...value, ...value] : value),
  'too many': (value) =>
    Array.isArray(value)
      ? Array.from({ length: 200 }, (_, i) => (isFields(value[0]) ? { ...value[0], name: `n${i}` } : `n${i}`))
      : value,
  'too long': (value) => (typeof value === 'string' ? 'x'.repeat(5000) : value),
  'with blanks': (value) => (typeof value === 'string' ? `${value} \n` : value),
};

export interface Mutant {
  readonly object: Fields;
  /** ClusterQueue spec.cohortName: dropped */
  readonly what: string;
}

const SEED = 7;

/** `count` different mutants of the objects; the same ones each time. */
export function mutants(objects: readonly Fields[], count: number): Mutant[] {
  const one = fc
    .noBias(
      fc.record({
        object: fc.constantFrom(...objects),
        fault: fc.constantFrom(...Object.entries(faults)),
        at: fc.nat(),
      }),
    )
    .map(({ object, fault: [name, change], at }): Mutant => {
      const all = places(object);
      const path = all[at % all.length] ?? [];
      return { object: changed(object, path, change), what: `${String(object['kind'])} ${path.join('.')}: ${name}` };
    });
  const found = new Map<string, Mutant>();
  const originals = new Set(objects.map((object) => JSON.stringify(object)));
  for (const mutant of fc.sample(one, { numRuns: count * 4, seed: SEED })) {
    const text = JSON.stringify(mutant.object);
    if (!originals.has(text)) found.set(text, mutant);
  }
  return [...found.values()].slice(0, count);
}
