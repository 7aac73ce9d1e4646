import { contains, parseCidr, type Cidr } from '../cidr.ts';
import { fault } from '../fault.ts';
import type { Estate, Tenant } from '../schema/estate.ts';
import type { Path } from '../yaml-tree.ts';
import type { Check, CrossFault } from './check.ts';

type Range = Extract<Tenant['egress'][number], { cidr: string }>;
interface Entry {
  readonly tenant: string;
  readonly range: Range;
  readonly cidr: Cidr;
  readonly path: Path;
}

const entriesOf = (estate: Estate | undefined): Entry[] =>
  (estate?.tenants ?? []).flatMap(({ id, egress }, i) =>
    egress.flatMap((range, j): Entry[] =>
      'cidr' in range
        ? [{ tenant: id, range, cidr: parseCidr(range.cidr), path: ['tenants', i, 'egress', j, 'cidr'] }]
        : [],
    ),
  );

const compare = (a: bigint | number, b: bigint | number): number => (a < b ? -1 : a > b ? 1 : 0);

/** Addresses lie in one place: whoever names them, alone or within a wider range, says the same of it. */
export const egressRanges: Check = ({ data: { estate } }) => {
  // Each range behind all those that hold it; one that was written first goes before its equal.
  const sorted = entriesOf(estate).toSorted(
    ({ cidr: a }, { cidr: b }) =>
      compare(a.width, b.width) || compare(a.network, b.network) || compare(a.prefix, b.prefix),
  );
  const around: Entry[] = [];
  return sorted.flatMap((entry): CrossFault[] => {
    while (around.length > 0 && !contains((around.at(-1) as Entry).cidr, entry.cidr)) around.pop();
    const outer = around.at(-1);
    around.push(entry);
    if (!outer) return [];
    const { cidr, data_class: dataClass, jurisdiction } = outer.range;
    if (dataClass === entry.range.data_class && jurisdiction === entry.range.jurisdiction) return [];
    const params = { outer: cidr, tenant: outer.tenant, class: dataClass, jurisdiction };
    return [{ file: 'estate', fault: fault(entry.path, 'use', 'cidr_clash', params) }];
  });
};

/** The widest range that one holder has, in bits of the prefix: 10.0.0.0/8, and what a provider gets of IPv6. By the width of addresses. */
const WIDEST: Readonly<Record<number, number>> = { 32: 8, 128: 32 };

/** Nobody can clear a part of the whole internet for data that may not leave its jurisdiction. */
export const egressWidth: Check = ({ data: { estate } }) =>
  entriesOf(estate).flatMap(({ range, cidr: { width, prefix }, path }): CrossFault[] => {
    const least = WIDEST[width] ?? 0;
    if (range.data_class === 'general' || prefix >= least) return [];
    return [{ file: 'estate', fault: fault(path, 'use', 'cidr_wide', { class: range.data_class, least }) }];
  });
