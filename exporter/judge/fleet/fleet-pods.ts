import { equal, matcher, oneOf, selector } from '../../read/prometheus/promql.ts';
import { keepsLabels, mayBeOwn, NOBODY, type PodLabels } from '../device/device-pods.ts';
import { type Count, sum, inTurn } from './fleet-ask.ts';
import type { FleetScope } from './fleet-scope.ts';

/**
 * Which labels hold a workload's pod and namespace, by the same rule as of single devices (`podLabels`): the server is
 * asked for what shows that its `pod` is not the scraped target's own.
 * @param present metrics of the family's rows that have samples
 */
export async function fleetPods(scope: FleetScope, present: readonly string[], count: Count): Promise<PodLabels> {
  const { family, pool } = scope;
  const selectors = (condition: string): string[] => selectorsOf(scope, present, condition);
  const having = async (condition: string): Promise<number> => sum(await inTurn(selectors(condition), count));
  const used = async (labels: readonly string[]): Promise<string | null> => {
    for (const label of labels) if ((await having(matcher(label, '!=', ''))) > 0) return label;
    return null;
  };
  const pod = await used(family.pod);
  if (pod === null) return NOBODY;
  if (mayBeOwn(pod, family) && !keepsLabels(pool) && (await having(matcher('instance', '!=', ''))) > 0) {
    const those = (labels: string, condition: string): string =>
      selectors(condition)
        .map((series) => `group by (${labels}) (${series})`)
        .join(' or ');
    const [named, unnamed] = [matcher(pod, '!=', ''), matcher(pod, '=', '')];
    const lacking = `(${those('job', unnamed)}) and on (job) (${those('job', named)})`;
    const varied = `count by (job,instance) (${those(`job,instance,${pod}`, named)}) > 1`;
    if ((await count(lacking)) === 0 && (await count(varied)) === 0) return NOBODY;
  }
  return { pod, namespace: await used(family.namespace) };
}

/** As few selectors as choose these metrics' samples: those whose rows mean the same labels are asked for at once. */
function selectorsOf({ rows, matchers }: FleetScope, metrics: readonly string[], condition: string): string[] {
  const alike = Map.groupBy(metrics, (metric) => JSON.stringify(rows.get(metric)?.labels ?? {}));
  return [...alike.values()].map((some) => {
    const meant = Object.entries(rows.get(some[0] ?? '')?.labels ?? {});
    const conditions = meant.map(([label, values]) => matcher(label, '=~', oneOf(values)));
    return selector(some, [...equal(matchers), ...conditions, condition]);
  });
}
