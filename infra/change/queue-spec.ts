import { parseQuantity } from '../../model/quantity.ts';
import { CREDITS } from '../../model/queues/credits.ts';
import type { Share } from '../../model/queues/groups.ts';
import type { Rational } from '../../model/rational.ts';
import type { Live } from './live.ts';

interface Quota {
  readonly name: string;
  readonly nominalQuota?: string | number;
  readonly borrowingLimit?: string | number;
}
interface Spec {
  readonly cohortName?: string;
  readonly resourceGroups?: readonly {
    readonly flavors: readonly { readonly name: string; readonly resources: readonly Quota[] }[];
  }[];
}
interface Status {
  readonly flavorsReservation?: readonly {
    readonly resources: readonly { readonly name: string; readonly total?: string | number }[];
  }[];
}

/** Of a ClusterQueue, as it is or as it will be. */
const specOf = (object: Live | undefined): Spec => object?.spec ?? {};

const numberOf = (value: Rational | null): number => (value ? Number(value.n) / Number(value.d) : 0);
const count = (text: string | number | undefined): number => numberOf(parseQuantity(String(text ?? 0)));

/** The group of a queue's tenant; undefined where it stands right below the province. */
export const groupIn = (object: Live | undefined): string | undefined =>
  /^group-(.+)$/.exec(specOf(object).cohortName ?? '')?.[1];

/** GFLOPS of a queue: its own, and what it may borrow; undefined where it has none. */
export function creditsIn(object: Live | undefined): Share | undefined {
  const found = specOf(object)
    .resourceGroups?.flatMap(({ flavors }) => flavors.flatMap(({ resources }) => resources))
    .find(({ name }) => name === CREDITS);
  return found && { nominal: count(found.nominalQuota), borrowing: count(found.borrowingLimit) };
}

/** What of each flavour and resource name is a queue's own, credits aside. */
export const ownIn = (object: Live | undefined): ReadonlyMap<string, { flavor: string; name: string; own: number }> =>
  new Map(
    (specOf(object).resourceGroups ?? []).flatMap(({ flavors }) =>
      flavors.flatMap(({ name: flavor, resources }) =>
        resources
          .filter(({ name }) => name !== CREDITS)
          .map(({ name, nominalQuota }) => [`${flavor} ${name}`, { flavor, name, own: count(nominalQuota) }] as const),
      ),
    ),
  );

/** GFLOPS that jobs of a queue hold now, by its status. */
export const reservedIn = (object: Live | undefined): number =>
  ((object?.status ?? {}) as Status).flavorsReservation
    ?.flatMap(({ resources }) => resources)
    .reduce((sum, { name, total }) => sum + (name === CREDITS ? count(total) : 0), 0) ?? 0;
