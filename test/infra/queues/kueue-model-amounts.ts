/** What Kueue keeps of quantities, written from kueue.md section 5: whole numbers, rounded up; of cpu thousandths. */

const SCALES: Readonly<Record<string, number>> = {
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
  Ti: 1024 ** 4,
};

export function amount(resource: string, quantity: string | number): number {
  const [, digits, suffix = ''] = /^(\d+(?:\.\d+)?)([a-zA-Z]*)$/.exec(String(quantity)) ?? [];
  const scale = suffix === '' ? 1 : SCALES[suffix];
  if (digits === undefined || scale === undefined) throw new Error(`${quantity} is no quantity`);
  // A tenth of a thousandth off a whole number is the double's doing.
  return Math.max(0, Math.ceil(Number(digits) * scale * (resource === 'cpu' ? 1000 : 1) - 1e-4));
}

export interface Transformation {
  readonly input: string;
  readonly strategy?: string;
  readonly outputs: Readonly<Record<string, string>>;
}

/** What of the controller's Configuration decides what a workload uses. */
export interface ResourceConfiguration {
  readonly excludeResourcePrefixes?: readonly string[];
  readonly transformations?: readonly Transformation[];
}

/** What one pod that requests this counts as: what is excluded left out, what is transformed added. */
export function counted(
  requests: Readonly<Record<string, string | number>>,
  { excludeResourcePrefixes: excluded = [], transformations = [] }: ResourceConfiguration,
): Map<string, number> {
  const found = new Map<string, number>();
  const add = (name: string, count: number) => found.set(name, (found.get(name) ?? 0) + count);
  for (const [name, quantity] of Object.entries(requests)) {
    if (excluded.some((prefix) => name.startsWith(prefix))) continue;
    const rule = transformations.find(({ input }) => input === name);
    if (!rule || rule.strategy !== 'Replace') add(name, amount(name, quantity));
    for (const [output, each] of Object.entries(rule?.outputs ?? {}))
      add(output, Math.ceil(amount(name, quantity) * amount(output, each)));
  }
  return found;
}
