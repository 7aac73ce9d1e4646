import type { Check } from '../../tally.ts';
import { everyObject } from '../apply.ts';
import { startKwok } from '../kwok.ts';
import type { Proving } from '../proving.ts';
import { dispatchChecks } from './dispatch.ts';
import { enforcedChecks } from './enforced.ts';
import { fleet, makeFleet } from './fleet.ts';
import { floorChecks } from './floor.ts';
import { configurationOf, startKueue, type Kueue } from './kueue.ts';
import { openCluster, type Province } from './province.ts';
import { verdictChecks } from './verdicts.ts';

interface Running {
  readonly stage: Proving;
  readonly kueue: Kueue;
}

/** What Kueue's own controller makes of the province's objects, on nodes whose kubelets KWOK plays. */
export function controlled(ends: AsyncDisposableStack, province: Province): Check[] {
  const running = new Map<string, Running>();
  const at = (cluster: string): Running => {
    const one = running.get(cluster);
    if (!one) throw new Error(`${cluster} was not opened`);
    return one;
  };
  /** The controller is there before the objects, so that its webhooks judge each of them. */
  async function open(cluster: string): Promise<void> {
    const stage = await openCluster(ends, province, cluster);
    if (fleet[cluster]) {
      await startKwok(ends, stage.plane, { endless: true });
      await makeFleet(stage);
    }
    const kueue = await startKueue(ends, stage.plane, configurationOf(stage));
    await everyObject(stage);
    running.set(cluster, { stage, kueue });
  }
  const opens = (cluster: string): Check => [
    `${cluster}: Kueue's controller starts with the generated configuration, and its webhooks accept every object`,
    () => open(cluster),
  ];
  const first = (): Proving => at('nc-a').stage;
  return [
    opens('nc-a'),
    ...floorChecks(first),
    ...verdictChecks(first),
    ...enforcedChecks(() => at('nc-a')),
    opens('py-a'),
    opens('jx-m'),
    ...dispatchChecks(() => ({ manager: at('jx-m').stage, workers: { 'nc-a': first(), 'py-a': at('py-a').stage } })),
  ];
}
