import { isDeepStrictEqual } from 'node:util';
import type { CustomObject, KubernetesObject } from '../kubernetes.ts';
import { keyOf } from './key.ts';
import type { Live } from './live.ts';
import { isOurs, managersOf, type Path } from './owners.ts';

/** One field that will be written, or that stands otherwise than the declaration says. */
export interface FieldChange {
  readonly path: Path;
  readonly before: unknown;
  readonly after: unknown;
  /** Who wrote `before`, where it was not the house */
  readonly outside?: string;
  /** true: the declaration says nothing of the field, so that an apply alone would leave it */
  readonly added?: true;
}

export interface Change {
  readonly action: 'add' | 'remove' | 'change';
  readonly object: Live;
  /** As it will be; absent where it is removed */
  readonly wanted?: Live;
  readonly fields: readonly FieldChange[];
  /** true: a deploy made it, and somebody else took it away */
  readonly deleted?: true;
  /** true: the server refuses an apply, which merges with what somebody put in, and takes a replacement */
  readonly replace?: true;
}

/** Whoever took a field away leaves no name. */
export const SOMEBODY = '';

/** What the server writes by itself, and what only says who wrote last. */
const SERVERS = ['uid', 'resourceVersion', 'generation', 'creationTimestamp', 'managedFields', 'selfLink'];
const strip = (object: Live): Record<string, unknown> => ({
  ...object,
  status: undefined,
  metadata: { ...object.metadata, ...Object.fromEntries(SERVERS.map((key) => [key, undefined])) },
});

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const at = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((part, key) => (part as Record<string | number, unknown> | undefined)?.[key], value);

function fields(before: unknown, after: unknown, path: Path = []): Omit<FieldChange, 'outside'>[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (isRecord(before) && isRecord(after))
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) =>
      fields(before[key], after[key], [...path, key]),
    );
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length)
    return before.flatMap((entry: unknown, i) => fields(entry, (after as unknown[])[i], [...path, i]));
  return [{ path, before, after }];
}

const laidOver = (
  { metadata, ...is }: Live,
  { metadata: { labels, annotations }, ...object }: KubernetesObject,
): Live => ({
  ...is,
  ...object,
  metadata: {
    ...metadata,
    labels: { ...metadata.labels, ...labels },
    ...((metadata.annotations ?? annotations) && { annotations: { ...metadata.annotations, ...annotations } }),
  },
});

/** Maps that the declaration states whole, so that what else stands in them is nobody's of the house. */
const WHOLE: readonly Path[] = [['metadata', 'labels'], ['spec', 'hard'], ['data']];
/** A policy that says nothing of a direction denies it: whoever adds one opens the namespace. */
const wholeOf = ({ kind }: KubernetesObject): readonly Path[] =>
  kind === 'NetworkPolicy' ? [...WHOLE, ['spec']] : WHOLE;
/**
 * Of these the declaration states every field, and a server-side apply leaves beside them what others put into their
 * lists: one more condition, and a policy asks nobody. They are written whole.
 */
const exactKinds = new Set([
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'MutatingAdmissionPolicy',
  'MutatingAdmissionPolicyBinding',
]);
const isExact = (object: KubernetesObject): object is CustomObject => exactKinds.has(object.kind);

/** Labels that others may put where they like. */
const ours = (key: string): boolean => /(^|\.)greenflops\.io\/|^pod-security\./.test(key);

function additions(live: Live, declared: KubernetesObject): FieldChange[] {
  return wholeOf(declared).flatMap((path) => {
    const [has, says] = [at(live, path), at(declared, path)];
    if (!isRecord(has) || !isRecord(says)) return [];
    return Object.keys(has).flatMap((key): FieldChange[] => {
      if (key in says || (path[0] === 'metadata' && !ours(key))) return [];
      const full = [...path, key];
      const managers = managersOf(live, full);
      const outside = managers.find((manager) => !isOurs(manager));
      return [{ path: full, before: has[key], after: undefined, ...(outside && { outside, added: true }) }];
    });
  });
}

/**
 * What a deploy would do to a cluster's objects. `would`: the declared ones as the server would have them after it (a dry
 * run); what is missing there is new. `live`: the house's, and nothing else. `made`: whether an object was
 * deployed as it is declared, so that whatever differs now is somebody else's doing.
 */
export function differences(
  declared: readonly KubernetesObject[],
  live: ReadonlyMap<string, Live>,
  would: ReadonlyMap<string, Live>,
  made: (object: KubernetesObject) => boolean = () => false,
): Change[] {
  const keys = new Set(declared.map(keyOf));
  const written = declared.flatMap((object): Change[] => {
    const key = keyOf(object);
    const is = live.get(key);
    // What the server refuses, or cannot be asked about, is told as it is declared.
    const merged = would.get(key) ?? (is && laidOver(is, object));
    const exact = merged && isExact(object) && !isDeepStrictEqual(at(merged, ['spec']), object.spec);
    const wanted: Live | undefined = exact ? { ...merged, spec: object.spec } : merged;
    if (!is || !wanted)
      return [{ action: 'add', object, wanted: object, fields: [], ...(made(object) && { deleted: true }) }];
    const changed = fields(strip(is), strip(wanted)).map((one): FieldChange => {
      const hand = managersOf(is, one.path).find((manager) => !isOurs(manager));
      const outside = hand ?? (made(object) ? SOMEBODY : undefined);
      return outside === undefined ? one : { ...one, outside };
    });
    const more = additions(is, object).filter(({ path }) => !changed.some((one) => isDeepStrictEqual(one.path, path)));
    const all = [...changed, ...more];
    if (all.length === 0) return [];
    return [{ action: 'change', object: is, wanted, fields: all, ...(exact && { replace: true as const }) }];
  });
  const gone = [...live].flatMap(([key, object]): Change[] =>
    keys.has(key) ? [] : [{ action: 'remove', object, fields: [] }],
  );
  return [...written, ...gone];
}
