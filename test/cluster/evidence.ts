/** What is shown of each kind of object; the columns of the table that the run prints. */
export const proofs = [
  'applied', // the API server took it as rendered
  'unchanged', // a second apply wrote nothing
  'repaired', // an outside edit was shown and taken back
  'behaves', // it did what it is there for: refused, capped, admitted, scheduled, scraped …
  'judged', // kubeconform and checkov
  'removed', // a destroy took it away, or left it where it must stay
] as const;
export type Proof = (typeof proofs)[number];

const seen = new Map<string, Map<Proof, string>>();

/** Records that a check showed `proof` of a kind (Namespace, ResourceQuota …), and by what. */
export function shown(kind: string, proof: Proof, by: string): void {
  const row = seen.get(kind) ?? new Map<Proof, string>();
  seen.set(kind, row.set(proof, by));
}

/** The same, where nothing else has shown it yet: of what is done to all kinds alike. */
export function shownToo(kind: string, proof: Proof, by: string): void {
  if (!seen.get(kind)?.has(proof)) shown(kind, proof, by);
}

export const evidence = (): ReadonlyMap<string, ReadonlyMap<Proof, string>> => seen;
