import type { Who } from './api.ts';
import { collection, create, pluralOf } from './asks.ts';
import { refusal, type Row } from './row.ts';

interface Pair {
  readonly who: Who;
  /** @default copper-train, of class general */
  readonly namespace?: string;
  readonly policy: string;
  /** What the policy says, both languages */
  readonly says: string;
  readonly bad: object;
  readonly good: object;
}

/** A row in which the same user creates two objects in the same namespace that differ in one thing. */
export function pair(id: string, { who, namespace = 'copper-train', policy, says, bad, good }: Pair): Row {
  const { kind, metadata } = bad as { kind: string; metadata: { name: string } };
  return {
    id,
    by: `policy ${policy}`,
    denied: create(who, namespace, bad),
    message: refusal(policy, `${pluralOf(kind)}${groupOf(kind)} "${metadata.name}"`, says),
    twin: create(who, namespace, good),
  };
}

/** The server names a resource with its group, where it has one. */
function groupOf(kind: string): string {
  const [, group = ''] = /^\/apis\/([^/]+)\//.exec(collection(kind)) ?? [];
  return group && `.${group}`;
}
