import { acceleratorOf } from '../accelerator-of.ts';
import type { Plan } from '../plan.ts';
import type { QuotaUnit } from '../quota-unit.ts';
import { exactDecimal, floor, multiply, rational, type Rational } from '../rational.ts';
import type { Accelerator } from '../schema/accelerators.ts';
import type { Pool } from '../schema/estate.ts';
import type { GroupPart, Share } from './groups.ts';
import type { QueuePart } from './tenant-queues.ts';

/** The flavour of pods that ask for no chips: no labels, no topology. No pool can have this name and no accelerator has. */
export const HOSTS_FLAVOR = 'greenflops-hosts';

const MEBI = { Mi: 1, Gi: 1024, Ti: 1024 * 1024 };

/** Cores and mebibytes that go with so many units of a pool, which may be parts of a chip; undefined where the pool does not say. */
export function hostsOf(
  { per_chip: each }: Pool,
  { peak_tflops: { fp16 = 0 } }: Accelerator,
  { tflops }: QuotaUnit,
  units: Rational,
): { readonly cpu: Rational; readonly memory: Rational } | undefined {
  if (!each || fp16 === 0) return undefined;
  const { cpu, memory } = each;
  const peak = exactDecimal(fp16);
  const chips = multiply(units, { n: tflops.n * peak.d, d: tflops.d * peak.n });
  const mebi = Number.parseInt(memory, 10) * MEBI[memory.slice(-2) as keyof typeof MEBI];
  return { cpu: multiply(chips, exactDecimal(cpu)), memory: multiply(chips, rational(mebi)) };
}

/** The most of a resource name that a queue may take: what its flavour gives, and what its credits come to. */
export const mostOf = (total: number, one: number | undefined, credits: Share | undefined): number =>
  one === undefined || !credits ? total : Math.min(total, Math.floor((credits.nominal + credits.borrowing) / one));

/**
 * CPU and memory of a queue, flavour by flavour, as they go with its chips. They stand in the chips' own flavours: a pod
 * that Kueue places by topology takes nothing that it asks for itself from a flavour without one. Pods that ask for no
 * chips have as much again in a flavour of their own, which stands first: chips it has none.
 */
export function hostParts(
  plan: Plan,
  parts: readonly QueuePart[],
  credits: Share | undefined,
  flavorOf: (pool: Pool) => string,
): GroupPart[] {
  // A chip may have several names, and HAMi's pods ask for three at once: one of them is worth its hosts.
  const alike = Map.groupBy(parts, ({ pool, resource }) => `${pool.id} ${resource.slice ?? ''}`);
  const counted = [...alike.values()].flatMap(
    (same) => same.find(({ resource }) => resource.credits !== undefined) ?? same[0] ?? [],
  );
  const own = counted.flatMap(({ pool, resource, nominal, borrowing }): GroupPart[] => {
    const { unit, each, credits: one } = resource;
    const most = mostOf(nominal + borrowing, one, credits);
    const accelerator = acceleratorOf(plan, pool);
    const hosts = (count: number) =>
      accelerator && hostsOf(pool, accelerator, unit, multiply(rational(count), { n: each.d, d: each.n }));
    const [has, may] = [hosts(Math.min(nominal, most)), hosts(most)];
    if (!has || !may) return [];
    const flavor = flavorOf(pool);
    return [
      { flavor, pool, resource: 'cpu', ...shareOf(has.cpu, may.cpu, 1000) },
      { flavor, pool, resource: 'memory', ...shareOf(has.memory, may.memory, 1) },
    ];
  });
  const again = ['cpu', 'memory'].map((resource): GroupPart => ({
    flavor: HOSTS_FLAVOR,
    pool: undefined,
    resource,
    nominal: own.reduce((sum, part) => sum + (part.resource === resource ? part.nominal : 0), 0),
    borrowing: 0,
  }));
  return [...again, ...own];
}

function shareOf(has: Rational, may: Rational, scale: number): Share {
  const [nominal, most] = [has, may].map((value) => Number(floor(multiply(value, rational(scale)))));
  return { nominal: nominal ?? 0, borrowing: (most ?? 0) - (nominal ?? 0) };
}
