import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import type { Check } from '../../tally.ts';
import { sequences, type Submitted } from '../../infra/queues/sequences.ts';
import type { Proving } from '../proving.ts';
import { cleared, stateOf, submit, workloadOf, type Asked } from './jobs.ts';

const asked = ({ name, namespace, resource, pods, chips, priority }: Submitted): Asked => ({
  name,
  namespace,
  devices: { [resource]: chips },
  pods,
  priority: `greenflops-${priority}`,
  dataClass: namespace === 'mine-rescue' ? 'important' : 'general',
});

/** The jobs that are admitted, once that has been so for a while and Kueue has said something of each other. */
async function settled(stage: Proving, jobs: readonly Submitted[]): Promise<string[]> {
  let before = '';
  for (const late = Date.now() + 60_000; ; await setTimeout(700)) {
    const states = await Promise.all(
      jobs.map(async (one) => ({ name: one.name, ...stateOf(await workloadOf(stage, one)) })),
    );
    const now = JSON.stringify(states);
    const said = states.every(({ state, why }) => state === 'admitted' || why !== '');
    if (said && now === before) return states.filter(({ state }) => state === 'admitted').map(({ name }) => name);
    assert.ok(Date.now() < late, `no rest: ${now}`);
    before = now;
  }
}

/** The sequences of the reference model's own test, on Kueue's controller, with the same verdicts after every step. */
export const verdictChecks = (stage: () => Proving): Check[] =>
  sequences.map(({ title, steps }) => [
    `sequence, as the reference model has it: ${title}`,
    async () => {
      let jobs: Submitted[] = [];
      const namespaces = [...new Set(steps.flatMap((step) => step.submit?.namespace ?? []))];
      try {
        for (const [i, { submit: job, end, admitted }] of steps.entries()) {
          if (job) {
            await submit(stage(), asked(job));
            jobs.push(job);
          }
          const over = jobs.find(({ name }) => name === end);
          if (over) {
            const where = ['-n', over.namespace, '--cascade=foreground', '--timeout=60s'];
            await stage().accepted(['delete', 'job', over.name, ...where]);
            jobs = jobs.filter((one) => one !== over);
          }
          assert.deepEqual((await settled(stage(), jobs)).toSorted(), admitted, `step ${i + 1}: ${job?.name ?? end}`);
        }
      } finally {
        await cleared(stage(), ...namespaces);
      }
    },
  ]);
