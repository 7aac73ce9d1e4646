import type { Job } from './kueue-model.ts';

type Priority = 'low' | 'normal' | 'high' | 'urgent';

/** A job of pods that ask for so many chips of one model each, placed anywhere. */
export interface Submitted {
  readonly name: string;
  readonly namespace: string;
  readonly resource: string;
  readonly pods: number;
  readonly chips: number;
  readonly priority: Priority;
}

/** What happens, and which jobs are admitted once Kueue has said all that it has to say. */
export interface Step {
  readonly submit?: Submitted;
  /** A job that is over */
  readonly end?: string;
  readonly admitted: readonly string[];
}

export interface Sequence {
  readonly title: string;
  readonly steps: readonly Step[];
}

const NPU = 'huawei.com/Ascend910B3';
const GPU = 'nvidia.com/gpu';

const of =
  (namespace: string, own: Priority, resource: string) =>
  (name: string, pods: number, chips: number, priority = own): Submitted => ({
    name,
    namespace,
    resource,
    pods,
    chips,
    priority,
  });
const train = of('copper-train', 'normal', NPU);
const serve = of('copper-serve', 'normal', NPU);
const rescue = of('mine-rescue', 'urgent', NPU);
const lab = of('uni-lab', 'normal', GPU);

/**
 * On nc-a of docs/scheduling/estate.yaml, worked out by hand. copper-ai has 20 PFlops of 910B3 (63 chips of 313 TFLOPS) and
 * may borrow 10 of its group, in which mine-rescue has 12 (38 chips); uni-lab of another group has 10 of A800 (32 chips).
 * The reference model and Kueue's own controller must both say so.
 */
export const sequences: readonly Sequence[] = [
  {
    title: 'its own, what its group has idle, and not one chip more',
    steps: [
      { submit: train('own', 9, 7), admitted: ['own'] },
      { submit: serve('lent', 4, 8), admitted: ['lent', 'own'] }, // 95 chips, 29.735 PFlops
      { submit: train('next', 1, 1), admitted: ['lent', 'own'] }, // 30.048
      { end: 'lent', admitted: ['next', 'own'] },
    ],
  },
  {
    title: 'a member takes its own back, what is guaranteed stays, and a small job fits in beside',
    steps: [
      { submit: train('own', 9, 7), admitted: ['own'] },
      { submit: serve('lent', 4, 8), admitted: ['lent', 'own'] },
      { submit: rescue('all', 38, 1), admitted: ['all', 'own'] },
      { submit: train('small', 1, 1), admitted: ['all', 'own', 'small'] }, // 31.926 of the group's 32 PFlops
      { submit: train('smaller', 1, 1), admitted: ['all', 'own', 'small'] },
      { end: 'all', admitted: ['own', 'small', 'smaller'] }, // 30.048 of 30 with the one that was lent to
    ],
  },
  {
    title: 'nobody borrows who may not, nor from another group',
    steps: [
      { submit: rescue('too-many', 39, 1), admitted: [] }, // 12.207 of 12 PFlops, and it may not borrow
      { submit: lab('cards', 4, 8), admitted: ['cards'] }, // 9.984 of 10
      { submit: lab('card', 1, 1), admitted: ['cards'] },
      { end: 'cards', admitted: ['card'] },
    ],
  },
  {
    title: 'within a queue what is urgent goes first, and drives out what is less so',
    steps: [
      { submit: rescue('low', 4, 8, 'low'), admitted: ['low'] },
      { submit: rescue('urgent', 4, 8), admitted: ['urgent'] },
      { submit: rescue('normal', 4, 8, 'normal'), admitted: ['urgent'] },
      { end: 'urgent', admitted: ['normal'] },
      { end: 'normal', admitted: ['low'] },
    ],
  },
  {
    title: 'a job that could never fit waits, and holds up nobody',
    steps: [
      { submit: train('never', 12, 8), admitted: [] }, // 96 chips
      { submit: train('fits', 2, 8), admitted: ['fits'] },
    ],
  },
];

/** As the reference model takes it. */
export const modelled = ({ name, namespace, resource, pods, chips, priority }: Submitted): Job => ({
  name,
  namespace,
  priority: `greenflops-${priority}`,
  podSets: [{ pods, requests: { [resource]: chips }, placement: { unconstrained: true } }],
});
