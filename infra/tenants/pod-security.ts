import type { Pool } from '../../model/schema/estate.ts';
import type { Text } from '../../model/text.ts';
import { levels, names, type Level } from '../labels.ts';
import type { Labels } from '../kubernetes.ts';

/**
 * The level that a tenant's namespaces enforce, the weakest of its pools', with the reason of each pool that needs less
 * than restricted: a pod says nowhere which pool it will run on when Pod Security judges it.
 */
export function podSecurityOf(pools: readonly Pool[]): { level: Level; reasons: Labels } {
  const level = levels.findLast((one) => pools.some(({ pod_security: own }) => own.level === one)) ?? 'restricted';
  const given = pools.flatMap(({ id, pod_security: { level: needs, reason } }) =>
    needs === 'restricted' || reason === null ? [] : [{ id, needs, reason }],
  );
  const reason: Text = {
    zh: given.map(({ id, needs, reason: { zh } }) => `${id}（${needs}）：${zh}`).join('；'),
    en: given.map(({ id, needs, reason: { en } }) => `${id} (${needs}): ${en}`).join('; '),
  };
  return { level, reasons: given.length > 0 ? names(reason, 'pod-security') : {} };
}
