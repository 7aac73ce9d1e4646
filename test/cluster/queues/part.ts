import type { Check } from '../../tally.ts';
import { everyObject } from '../apply.ts';
import type { Part } from '../part.ts';
import { crdFolder } from '../proving.ts';
import type { Stage } from '../stage.ts';
import { controlled } from './controlled.ts';
import { completed, queueless, stored } from './examples.ts';
import { controller } from './kueue.ts';
import { life } from './life.ts';
import { shareChecks } from './shares.ts';
import { openCluster, renderProvince, type Province } from './province.ts';

const withoutCrds = () => (crdFolder() === undefined ? 'no folder of CRDs (GREENFLOPS_CRDS)' : undefined);

/** What the API server alone can show: every object of the province's four clusters, and the examples, on one plane. */
async function withoutController(ends: AsyncDisposableStack, province: Province): Promise<Check[]> {
  const guide = await renderProvince(ends, 'examples/estate.yaml');
  const stages = new Map<string, Stage>();
  const open = async (cluster: string, from = province) => {
    const [first] = stages.values();
    stages.set(cluster, await openCluster(ends, from, cluster, first?.plane));
  };
  const at = (cluster: string): Stage => {
    const stage = stages.get(cluster);
    if (!stage) throw new Error(`${cluster} was not opened`);
    return stage;
  };
  const checks: Check[] = [
    ...province.clusters.flatMap((cluster): Check[] => [
      [`${cluster}: opens`, () => open(cluster)],
      ...life(() => at(cluster), cluster),
    ]),
    [
      'examples: their estate is accepted',
      async () => {
        await open('nc-a', guide);
        await everyObject(at('nc-a'));
      },
    ],
    ['examples: each is stored as a member of its tenant submits it', () => stored(at('nc-a'))],
    ['examples: none is taken without a queue', () => queueless(at('nc-a'))],
    [
      'examples: with the queue alone a job is completed, and a JobSet refused with what to write',
      () => completed(at('nc-a')),
    ],
  ];
  return checks;
}

/** Unified scheduling: the objects of the province on real API servers, and what Kueue's own controller makes of them. */
export const queues: Part = {
  name: 'queues',
  async checks(ends) {
    const { missing } = controller();
    const province = await renderProvince(ends);
    if (missing !== undefined)
      console.log(
        `cluster: queues: ${missing}: the job sequences did NOT run against Kueue's controller, and nothing here says what it admits`,
      );
    return [
      ...(await withoutController(ends, province)).map(([title, run]): Check => [title, run, withoutCrds()]),
      ...[...controlled(ends, province), ...shareChecks(ends)].map(([title, run]): Check => [
        title,
        run,
        withoutCrds() ?? missing,
      ]),
    ];
  },
};
