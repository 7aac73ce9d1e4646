import { expect, test } from 'vitest';
import { webhookProblems } from '../../../infra/queues/webhook-rules.ts';
import { declare, every, kindOf, small } from './objects-estate.ts';

/** Each pool says what of its hosts goes with a chip, and the queues count it. */
const counted = small
  .replace('kueue: { enabled: true }', 'kueue: { enabled: true, count_hosts: true }')
  .replaceAll(/accelerator: ascend-910b3, /g, 'accelerator: ascend-910b3, per_chip: { cpu: 24, memory: 96Gi }, ')
  .replace('accelerator: nvidia-a800-sxm, ', 'accelerator: nvidia-a800-sxm, per_chip: { cpu: 15.5, memory: 128Gi }, ');
const stacks = declare(counted);
const ASCEND = 'huawei.com/Ascend910';
const row = (name: string, nominalQuota: string, borrowingLimit: string) => ({ name, nominalQuota, borrowingLimit });

test('one group of chips and hosts, first the flavour of pods without chips; credits apart', () => {
  const queue = kindOf(stacks, 'c-one-queues', 'ClusterQueue')['smelter'];
  expect(queue).toMatchObject({
    resourceGroups: [
      {
        coveredResources: ['cpu', ASCEND, 'memory'],
        flavors: [
          {
            name: 'greenflops-hosts',
            resources: [row('cpu', '216', '0'), row(ASCEND, '0', '0'), row('memory', '864Gi', '0')],
          },
          // 9 chips of its own; 4.5 PFlops are 14 at most: 5 × 24 cores and 5 × 96Gi may be borrowed
          {
            name: 'new',
            resources: [row('cpu', '216', '120'), row(ASCEND, '9', '7'), row('memory', '864Gi', '480Gi')],
          },
        ],
      },
      { coveredResources: ['greenflops.io/gflops-fp16'] },
    ],
  });
  expect(kindOf(stacks, 'c-one-queues', 'ResourceFlavor')).toMatchObject({ 'greenflops-hosts': {} });
});

test('the province holds what is left of the hosts, canonical as an API server writes it', () => {
  expect(kindOf(stacks, 'c-one-queues', 'Cohort')['province']).toMatchObject({
    resourceGroups: [
      {
        coveredResources: ['cpu', ASCEND, 'huawei.com/Ascend910B3', 'memory', 'nvidia.com/gpu'],
        flavors: [
          { name: 'greenflops-hosts', resources: Array.from({ length: 5 }, () => ({ nominalQuota: '0' })) },
          // 26 of 32 chips: 624 cores, 2496Gi
          {
            name: 'old',
            resources: [
              { nominalQuota: '624' },
              { nominalQuota: '26' },
              { nominalQuota: '26' },
              { nominalQuota: '2496Gi' },
              { nominalQuota: '0' },
            ],
          },
          {
            name: 'new',
            resources: [
              { nominalQuota: '168' },
              { nominalQuota: '7' },
              { nominalQuota: '0' },
              { nominalQuota: '672Gi' },
              { nominalQuota: '0' },
            ],
          },
          {
            name: 'gpus',
            resources: [
              { nominalQuota: '124' },
              { nominalQuota: '0' },
              { nominalQuota: '0' },
              { nominalQuota: '1Ti' },
              { nominalQuota: '8' },
            ],
          },
        ],
      },
    ],
  });
  expect(every(stacks).flatMap(webhookProblems)).toEqual([]);
});

test('a namespace may request what its queue may give of hosts, and without count_hosts there is no cap', () => {
  // 216 for pods without chips, 216 and 120 with them
  expect(kindOf(stacks, 'c-one-pools', 'ResourceQuota')['smelt-a/accelerators']).toMatchObject({
    hard: { 'requests.cpu': '552', 'requests.memory': '2208Gi' },
  });
  const without = declare(counted.replace(', count_hosts: true', ''));
  expect(kindOf(without, 'c-one-pools', 'ResourceQuota')['smelt-a/accelerators']).not.toHaveProperty([
    'hard',
    'requests.cpu',
  ]);
});
