import { poolResources } from '../../model/queues/pool-resources.ts';
import type { QuotaUnit } from '../../model/quota-unit.ts';
import { floor, multiply, rational } from '../../model/rational.ts';
import { rounding } from '../queues/rounding.ts';
import type { Change } from './difference.ts';
import { modelOf } from './figures.ts';
import type { Line } from './line.ts';
import type { Observed } from './observe.ts';
import { ownIn } from './queue-spec.ts';

/**
 * What becomes of a queue's own part of pools that its quota does not name: it is a share of what the others' quotas leave
 * (model/queues/tenant-queues.ts), so it changes with theirs. A manager's flavours are models, over its workers' pools.
 */
export function ownLines({ action, object, wanted, fields }: Change, { view }: Observed): Line[] {
  if (action !== 'change' || !fields.some(({ path }) => path[1] === 'resourceGroups')) return [];
  const { name: tenant } = object.metadata;
  const { plan, cluster, queuedPools } = view;
  const named = rounding(view).filter((row) => row.tenant === tenant);
  const [before, after] = [ownIn(object), ownIn(wanted)];
  const lines = [...new Set([...before.keys(), ...after.keys()])].flatMap((key): Line[] => {
    const { flavor, name } = after.get(key) ?? before.get(key) ?? { flavor: '', name: '' };
    const [was, will] = [before.get(key)?.own ?? 0, after.get(key)?.own ?? 0];
    const found = queuedPools
      .filter(({ id, accelerator }) => flavor === (cluster.role === 'manager' ? accelerator : id))
      .flatMap((pool) => {
        const model = modelOf(plan, pool);
        return (model ? poolResources(pool, model) : []).map((resource) => ({ pool, ...resource }));
      })
      .filter((resource) => resource.name === name);
    const [resource] = found;
    const told = found.some(({ pool, slice }) => named.some((row) => row.pool === pool.id && row.slice === slice));
    if (!resource || told || was === will) return [];
    const { each, unit } = resource;
    const units = (amount: number): bigint => floor(multiply(rational(amount), { n: each.d, d: each.n }));
    return [line(tenant, flavor, unit, `${units(was)} → ${units(will)}`)];
  });
  // One pool has a name from each device plugin.
  return [...new Map(lines.map((one) => [one.text.en, one])).values()];
}

const line = (tenant: string, flavor: string, { name }: QuotaUnit, figures: string): Line => ({
  subject: 'quota',
  text: {
    zh: `${tenant}（${flavor}）：自有 ${figures} ${name.zh}`,
    en: `${tenant}: ${figures} ${name.en} of its own on ${flavor}`,
  },
});
