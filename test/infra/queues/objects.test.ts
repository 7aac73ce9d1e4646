import { describe, expect, test } from 'vitest';
import { webhookProblems } from '../../../infra/queues/webhook-rules.ts';
import { declare, every, kindOf, pair, small } from './objects-estate.ts';

const stacks = declare(small);
const ASCEND = 'huawei.com/Ascend910';
const ALSO = 'huawei.com/Ascend910B3';
const GPU = 'nvidia.com/gpu';

/** One name of one flavour. */
const quota = (name: string, nominalQuota: string, borrowingLimit?: string) => ({
  name,
  nominalQuota,
  ...(borrowingLimit !== undefined && { borrowingLimit }),
});
const creditsGroup = (nominal: string, borrowing: string) => ({
  coveredResources: ['greenflops.io/gflops-fp16'],
  flavors: [{ name: 'greenflops-credits', resources: [quota('greenflops.io/gflops-fp16', nominal, borrowing)] }],
});

describe('a worker', () => {
  test('a flavour and a topology of each pool, past its taint where it has one', () => {
    expect(kindOf(stacks, 'c-one-queues', 'Topology')).toEqual({
      old: { levels: [{ nodeLabel: 'kubernetes.io/hostname' }] },
      new: { levels: [{ nodeLabel: 'rack' }, { nodeLabel: 'kubernetes.io/hostname' }] },
      gpus: { levels: [{ nodeLabel: 'kubernetes.io/hostname' }] },
    });
    const taint = (value: string) => [{ key: 'greenflops.io/pool', operator: 'Equal', value, effect: 'NoSchedule' }];
    expect(kindOf(stacks, 'c-one-queues', 'ResourceFlavor')).toEqual({
      'greenflops-credits': {},
      old: { nodeLabels: { pool: 'old' }, tolerations: taint('old'), topologyName: 'old' },
      new: { nodeLabels: { pool: 'new' }, tolerations: taint('new'), topologyName: 'new' },
      gpus: { nodeLabels: { pool: 'gpus' }, tolerations: [], topologyName: 'gpus' },
    });
  });

  test('queues: floor(quota / peak) chips are a tenant’s own, the rest of the pool may be borrowed, credits cap both', () => {
    const all = {
      queueingStrategy: 'BestEffortFIFO',
      flavorFungibility: { whenCanBorrow: 'TryNextFlavor', whenCanPreempt: 'TryNextFlavor' },
      preemption: { reclaimWithinCohort: 'Any', withinClusterQueue: 'LowerPriority' },
    };
    expect(kindOf(stacks, 'c-one-queues', 'ClusterQueue')).toEqual({
      smelter: {
        ...all,
        cohortName: 'group-works',
        namespaceSelector: { matchLabels: { 'greenflops.io/tenant': 'smelter' } },
        resourceGroups: [
          // 3 PFlops / 313 TFLOPS = 9.58 of 16
          { coveredResources: [ASCEND], flavors: [{ name: 'new', resources: [quota(ASCEND, '9', '7')] }] },
          creditsGroup('3M', '1500k'),
        ],
      },
      mill: {
        ...all,
        cohortName: 'group-works',
        namespaceSelector: { matchLabels: { 'greenflops.io/tenant': 'mill' } },
        resourceGroups: [
          // 2 PFlops / 313 TFLOPS = 6.39 of 32, by each name that its device plugin may have
          {
            coveredResources: [ASCEND, ALSO],
            flavors: [{ name: 'old', resources: [quota(ASCEND, '6', '26'), quota(ALSO, '6', '26')] }],
          },
          creditsGroup('2M', '0'),
        ],
      },
    });
    expect(kindOf(stacks, 'c-one-queues', 'LocalQueue')).toEqual({
      'smelt-a/default': { clusterQueue: 'smelter' },
      'smelt-b/default': { clusterQueue: 'smelter' },
      'mill/default': { clusterQueue: 'mill' },
    });
  });

  test('the province holds what nobody was promised, of every pool, each name in one group', () => {
    expect(kindOf(stacks, 'c-one-queues', 'Cohort')).toEqual({
      province: {
        resourceGroups: [
          {
            coveredResources: [ASCEND, ALSO],
            flavors: [
              { name: 'old', resources: [quota(ASCEND, '26'), quota(ALSO, '26')] },
              { name: 'new', resources: [quota(ASCEND, '7'), quota(ALSO, '0')] },
            ],
          },
          { coveredResources: [GPU], flavors: [{ name: 'gpus', resources: [quota(GPU, '8')] }] },
        ],
      },
      'group-works': { parentName: 'province', resourceGroups: [creditsGroup('0', '0')] },
    });
  });

  test('namespaces: pools that the queue gives, and the most that it may give of each name', () => {
    const pools = stacks.find(({ id }) => id === 'c-one-pools')?.objects ?? [];
    const labels = pools.find(({ kind, metadata }) => kind === 'Namespace' && metadata.name === 'smelt-b')?.metadata
      .labels;
    expect(labels).toMatchObject({ 'pool.greenflops.io/new': 'true' });
    expect(labels).not.toHaveProperty(['pool.greenflops.io/old']);
    expect(labels).not.toHaveProperty(['greenflops.io/dispatched']);
    // 4.5 PFlops / 313 TFLOPS = 14.4 of 16
    const [first, second] = ['smelt-a', 'smelt-b'].map(
      (at) => kindOf(stacks, 'c-one-pools', 'ResourceQuota')[`${at}/accelerators`],
    );
    expect(first).toMatchObject({
      hard: { [`requests.${ASCEND}`]: '14', [`requests.${ALSO}`]: '0', [`requests.${GPU}`]: '0' },
    });
    expect(second).toEqual(first);
  });
});

describe('a province of two workers and a manager', () => {
  const all = declare(pair);

  test('a quota without pool: each pool whole on each worker, and jobs from the manager alone', () => {
    // Urgent: it takes back what others of lower priority borrowed, also while it borrows itself
    expect(kindOf(all, 'c-two-queues', 'ClusterQueue')).toMatchObject({
      open: {
        preemption: { borrowWithinCohort: { policy: 'LowerPriority' } },
        resourceGroups: [
          { coveredResources: [GPU], flavors: [{ name: 'far', resources: [quota(GPU, '8', '0')] }] },
          creditsGroup('700k', '0'),
        ],
      },
    });
    const namespaces = (id: string) =>
      Object.fromEntries(
        (all.find((one) => one.id === id)?.objects ?? [])
          .filter(({ kind }) => kind === 'Namespace')
          .map(({ metadata: { name, labels } }) => [name, labels]),
      );
    expect(namespaces('c-two-pools')['open']).toMatchObject({
      'pool.greenflops.io/far': 'true',
      'greenflops.io/dispatched': 'true',
    });
    // It lends to smelter, and so does `open` on both clusters: only the manager sees that it is lent once
    expect(namespaces('c-one-pools')['mill']).toHaveProperty(['greenflops.io/dispatched'], 'true');
    expect(namespaces('top-pools')['open']).toMatchObject({ 'pool.greenflops.io/far': 'true' });
    expect(namespaces('top-pools')['open']).not.toHaveProperty(['greenflops.io/dispatched']);
  });

  test('the manager adds its workers up by model, with the racks of all', () => {
    expect(kindOf(all, 'top-queues', 'Topology')).toEqual({
      'ascend-910b3': { levels: [{ nodeLabel: 'rack' }, { nodeLabel: 'kubernetes.io/hostname' }] },
      'nvidia-a800-sxm': { levels: [{ nodeLabel: 'row' }, { nodeLabel: 'kubernetes.io/hostname' }] },
    });
    expect(kindOf(all, 'top-queues', 'ResourceFlavor')).toEqual({
      'greenflops-credits': {},
      'ascend-910b3': { nodeLabels: { 'greenflops.io/accelerator': 'ascend-910b3' }, topologyName: 'ascend-910b3' },
      'nvidia-a800-sxm': {
        nodeLabels: { 'greenflops.io/accelerator': 'nvidia-a800-sxm' },
        topologyName: 'nvidia-a800-sxm',
      },
    });
    expect(kindOf(all, 'top-queues', 'ClusterQueue')).toMatchObject({
      open: {
        admissionChecksStrategy: { admissionChecks: [{ name: 'open' }] },
        resourceGroups: [
          {
            coveredResources: [ASCEND, ALSO],
            flavors: [{ name: 'ascend-910b3', resources: [quota(ASCEND, '33', '15'), quota(ALSO, '26', '6')] }],
          },
          { coveredResources: [GPU], flavors: [{ name: 'nvidia-a800-sxm', resources: [quota(GPU, '16', '0')] }] },
          creditsGroup('700k', '0'),
        ],
      },
    });
    // Nothing runs there
    expect(kindOf(all, 'top-pools', 'ResourceQuota')['open/accelerators']).toMatchObject({
      hard: { pods: '0', [`requests.${GPU}`]: '0', [`requests.${ASCEND}`]: '0' },
    });
  });

  test('nothing that Kueue would refuse', () => {
    expect(every(all).flatMap(webhookProblems)).toEqual([]);
    expect(every(stacks).flatMap(webhookProblems)).toEqual([]);
  });
});

test('a pool of which nobody has a quota, alone on a cluster, makes flavours and no queue', () => {
  const bare = declare(small.replace(/ {2}- \{ id: smelter.*\n {2}- \{ id: mill.*\n/, '  []\n'));
  expect(Object.keys(kindOf(bare, 'c-one-queues', 'ResourceFlavor'))).toEqual([
    'greenflops-credits',
    'old',
    'new',
    'gpus',
  ]);
  expect(kindOf(bare, 'c-one-queues', 'Cohort')).toEqual({});
});
