import type { Live } from './live.ts';

interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

export const isSubject = (value: unknown): value is Subject =>
  typeof value === 'object' && value !== null && 'kind' in value && 'name' in value;

/** As people name who is bound to a role: a group by its name, others with their kind. */
export const subjectText = ({ kind, name, namespace }: Subject): string =>
  kind === 'Group' ? name : `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;

/** Who is bound to a role. */
export const subjectsOf = (object: Live | undefined): string[] =>
  (((object ?? {}) as { subjects?: readonly Subject[] }).subjects ?? []).map(subjectText);
