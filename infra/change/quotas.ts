import type { Pool } from '../../model/schema/estate.ts';
import type { Text } from '../../model/text.ts';
import type { Labels } from '../kubernetes.ts';
import { parseQuantity } from '../../model/quantity.ts';
import { quotaKeys } from '../../model/quota-keys.ts';
import type { Change } from './difference.ts';
import { modelOf, pflopsText } from './figures.ts';
import type { Line } from './line.ts';
import type { Live } from './live.ts';
import type { Observed } from './observe.ts';
import { isFresh } from './pool-lines.ts';
import type { Record, RecordedTenant } from './record.ts';

interface Part {
  readonly namespace: string;
  readonly before: number;
  readonly after: number;
  readonly used: number;
}
/** What a tenant may have of one resource name, namespace by namespace. */
interface Row {
  readonly tenant: string;
  readonly key: string;
  readonly parts: readonly Part[];
}

const hardOf = (object: Live | undefined): Labels => (object?.spec as { hard?: Labels } | undefined)?.hard ?? {};
const usedOf = (object: Live | undefined): Labels => (object?.status as { used?: Labels } | undefined)?.used ?? {};
/** A thousand chips are 1k to an API server. CPU and memory, which are no whole numbers of anything, count nothing here. */
const counted = (text: string | undefined): number => {
  const value = text !== undefined && /^\d+[kMG]?$/.test(text) ? parseQuantity(text) : null;
  return value ? Number(value.n / value.d) : 0;
};

/**
 * Quotas that change, by tenant: `20 → 25 PFlops, 63 → 79 chips of … in …`; names that say the same stand in one line.
 * Where Kueue admits, each namespace holds what the tenant's queue may give, which is told with the queue: of the quota
 * only that it falls below what is in use.
 */
export function quotaLines(observed: Observed, changes: readonly Change[]): Line[] {
  const queued = observed.view.cluster.kueue.enabled;
  const rows = rowsOf(observed, changes).filter(({ parts }) => !queued || parts.some(isShort));
  // One promise has a name from each device plugin; only one of them is ever offered.
  const alike = Map.groupBy(rows, ({ tenant, key, parts }) =>
    JSON.stringify([tenant, parts, promised(observed, tenant, key).pools]),
  );
  return [...alike.values()].flatMap((same): Line[] => {
    const [row] = same;
    return row
      ? [
          lineOf(
            observed,
            row,
            same.map(({ key }) => key.replace(/^requests\./, '')),
          ),
        ]
      : [];
  });
}

const isShort = ({ after, used }: Part): boolean => after < used;

function lineOf(observed: Observed, { tenant, key, parts }: Row, names: readonly string[]): Line {
  // A queue caps the sum of its tenant's namespaces, which each hold the whole.
  const sum = (at: 'before' | 'after'): number =>
    observed.view.cluster.kueue.enabled
      ? Math.max(...parts.map((part) => part[at]))
      : parts.reduce((total, part) => total + part[at], 0);
  const [only, ...others] = parts;
  const where = parts.map((part) => `${part.namespace} ${part.before} → ${part.after}`).join(', ');
  const place: Text =
    only && others.length === 0
      ? { zh: `，在 ${only.namespace}`, en: only.namespace }
      : { zh: `（${where}）`, en: where };
  const { figures, whole, pools } = promised(observed, tenant, key);
  const on = pools.join(', ');
  const [was = 0, will = 0] = figures ?? [];
  const pflops = figures ? `${was === will ? '' : `${pflopsText(was)} → `}${pflopsText(will)} PFlops` : '';
  const unit: Text = whole ? { zh: ' 张卡', en: ' chips of' } : { zh: '', en: ' of' };
  const short = parts.filter(isShort);
  const held = short.map((part) => `${part.namespace} ${part.used}`).join(', ');
  const [resource = '', ...also] = names;
  const called = also.length > 0 ? `${resource} (= ${also.join(', ')})` : resource;
  return {
    subject: whole || !/mig-|-\d+c$/.test(resource) ? 'quota' : 'slices',
    text: {
      zh: `${tenant}：${pflops && `${pflops}，`}${on && `${on} 的 `}${called} ${sum('before')} → ${sum('after')}${unit.zh}${place.zh}${held && `；低于正在使用的：${held}`}`,
      en: `${tenant}: ${pflops && `${pflops}, `}${sum('before')} → ${sum('after')}${unit.en} ${called}${on && ` on ${on}`} in ${place.en}${held && `; below what is in use: ${held}`}`,
    },
    ...(short.length > 0 && { danger: true }),
  };
}

/** Every key of every tenant that changes in any of its namespaces, with the namespaces in which it does not. */
function rowsOf({ view, record, live }: Observed, changes: readonly Change[]): Row[] {
  const tenants: readonly Pick<RecordedTenant, 'id' | 'namespaces'>[] = [...view.tenants, ...(record?.tenants ?? [])];
  const quotas = new Map<string, readonly [Live | undefined, Live | undefined]>();
  for (const one of live.values())
    if (one.kind === 'ResourceQuota') quotas.set(one.metadata.namespace ?? '', [one, one]);
  for (const { action, object, wanted } of changes)
    if (object.kind === 'ResourceQuota')
      quotas.set(object.metadata.namespace ?? '', [action === 'add' ? undefined : object, wanted]);
  const owned = Map.groupBy(quotas, ([at]) => tenants.find(({ namespaces }) => namespaces.includes(at))?.id ?? at);
  return [...owned].flatMap(([tenant, own]) => {
    const keys = new Set(own.flatMap(([, [is, will]]) => [...Object.keys(hardOf(is)), ...Object.keys(hardOf(will))]));
    return [...keys].flatMap((key): Row[] => {
      if (key.startsWith('limits.')) return []; // the twin of a request, for HAMi's own scheduler
      const parts = own.map(([namespace, [is, will]]): Part => ({
        namespace,
        before: counted(hardOf(is)[key]),
        after: counted(hardOf(will)[key]),
        used: counted(usedOf(is)[key]),
      }));
      return parts.some(({ before, after }) => before !== after) ? [{ tenant, key, parts }] : [];
    });
  });
}

/** What was and what will be promised of the chips behind a key, in PFlops, on which pools, and whether the key counts whole chips. */
function promised({ view, record, live }: Observed, tenant: string, key: string) {
  let whole = false;
  const ids = new Set<string>();
  const sum = ({ pools, tenants }: Pick<Record, 'pools' | 'tenants'>): number => {
    const quota = tenants.find(({ id }) => id === tenant)?.quota ?? [];
    return quota.reduce((total, { pool: id, slice, pflops }) => {
      const pool = pools.find((one) => one.id === id);
      const model = pool && modelOf(view.plan, pool);
      const counts = pool && model && quotaKeys(pool as Pool, model, slice).some(([one]) => one === key);
      whole ||= counts === true && (pool.sharing.by === 'whole' || pool.sharing.by === 'dra');
      if (!counts) return total;
      ids.add(pool.id);
      return total + pflops;
    }, 0);
  };
  // On a cluster that holds nothing of the house nothing was promised.
  const past = record ?? (isFresh(live) ? { pools: [], tenants: [] } : undefined);
  const will = sum(view);
  const figures = past && ([sum(past), will] as const);
  return { figures: figures && figures[0] + figures[1] > 0 ? figures : undefined, whole, pools: [...ids] };
}
