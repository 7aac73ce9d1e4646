import type { Live, ManagedFields } from './live.ts';

export type Path = readonly (string | number)[];

/** Field managers of this house: its kubectl way, plain kubectl apply of rendered files, and Terraform's provider. */
const OURS = /^(greenflops(-.*)?|kubectl|Terraform|HashiCorp|terraform-provider-kubernetes.*)$/;
export const isOurs = (manager: string): boolean => OURS.test(manager);

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

/** The child of a FieldsV1 set that stands for one step of a path into `value`. */
function step(fields: Fields, value: unknown, at: string | number): unknown {
  if (typeof at === 'string') return fields[`f:${at}`];
  const item: unknown = Array.isArray(value) ? (value as unknown[])[at] : undefined;
  const keyed = Object.entries(fields).find(([key]) => {
    if (key.startsWith('v:')) return key.slice(2) === JSON.stringify(item);
    if (!key.startsWith('k:') || !isFields(item)) return false;
    const wanted = JSON.parse(key.slice(2)) as Fields;
    return Object.entries(wanted).every(([name, part]) => item[name] === part);
  });
  return keyed?.[1];
}

function owns({ fieldsV1, subresource }: ManagedFields, live: Live, path: Path): boolean {
  if (subresource !== undefined) return false;
  let fields: unknown = fieldsV1;
  let value: unknown = live;
  for (const at of path) {
    if (!isFields(fields)) return false;
    const below = step(fields, value, at);
    // An atomic list or map is owned whole: nothing of its inside is written down.
    if (below === undefined) return value !== live && Object.keys(fields).length === 0;
    fields = below;
    value = isFields(value) ? (value as Record<string | number, unknown>)[at] : undefined;
  }
  return true;
}

/** Who wrote a field of a live object: several where they agree, none for a default of the server's. */
export const managersOf = (live: Live, path: Path): string[] => [
  ...new Set((live.metadata.managedFields ?? []).filter((one) => owns(one, live, path)).map(({ manager }) => manager)),
];
