import type { AllocationFamily } from '../../../model/schema/telemetry.ts';
import { equal, matcher, oneOf, selector } from '../prometheus/promql.ts';
import { RESTARTABLE, restartableOf, writtenAs } from './allocation-samples.ts';

/**
 * One PromQL query for what `allocationsOf` reads of a family: the chips alone, not every container's cores and bytes, of
 * init containers the names of those that are restartable, and of pods that are over no more than their names. The last
 * part says whether the exporter is there at all: one sample without labels for each of the metrics that do. No two parts
 * give the same labels, so that `or` drops none.
 * @param among conditions that choose the cluster's series, as PromQL
 */
export function allocationQuery(
  { metric, initial, alive, matchers, resource, finished }: AllocationFamily,
  resources: ReadonlySet<string>,
  among: readonly string[],
): string {
  const names = oneOf([...resources].flatMap(writtenAs));
  // Labels that stand in for each other are not asked for together: a series has one of them.
  const chips = resource.length === 1 ? resource.map((label) => matcher(label, '=~', names)) : [];
  const requests = [metric, ...(initial === undefined ? [] : [initial])];
  const present = [metric, ...(alive === undefined ? [] : [alive])];
  const restartable = restartableOf(initial);
  return [
    selector(requests, [...equal(matchers), ...chips, ...among]),
    ...(restartable === undefined ? [] : [selector([restartable], [...equal(RESTARTABLE), ...among])]),
    ...finished.map((over) => `${selector([over.metric], [...equal(over.matchers), ...among])} > 0`),
    `group by (__name__) (${selector(present, among)})`,
  ].join(' or ');
}
