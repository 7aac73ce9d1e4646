import type { Plan } from '../../model/plan.ts';
import type { Text } from '../../model/text.ts';
import { isCurrent } from '../pools/current.ts';

/** Pools whose time is over or has not come: declared, and not deployed. */
export const notCurrent = ({ estate }: Plan, now = Date.now()): Text[] =>
  estate.pools
    .filter((pool) => !isCurrent(pool, now))
    .map(({ id, valid_from: from, valid_to: to }) => {
      const over = to !== undefined && to <= now;
      const since = new Date((over ? to : from) ?? now).toISOString();
      const tenants = estate.tenants.filter(({ quota }) => quota.some(({ pool }) => pool === id)).map((one) => one.id);
      return {
        zh: `注意：资源池 ${id} ${over ? `已于 ${since} 失效（valid_to）` : `到 ${since} 才生效（valid_from）`}，现在不部署${tenants.length > 0 ? `；租户 ${tenants.join('、')} 在它上面的配额为 0` : ''}`,
        en: `note: pool ${id} ${over ? `has not been valid since ${since} (valid_to)` : `is not valid before ${since} (valid_from)`}: it is not deployed${tenants.length > 0 ? `, and quotas on it come to 0: ${tenants.join(', ')}` : ''}`,
      };
    });
