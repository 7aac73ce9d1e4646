import { describe, expect, test } from 'vitest';
import { CHIPS, CREDITS, judged, line, PRESENT, provincePlan } from './scene.ts';

const used = (chips: string | number, credits: string | number): string =>
  line('cluster_queue_resource_usage', chips, CHIPS) + line('cluster_queue_resource_usage', credits, CREDITS);
const enforced = (text: string, plan = provincePlan()): boolean | null | undefined =>
  judged(PRESENT + text, plan).queues.get('copper-ai')?.enforced;
const pflops = (text: string, queue = 'copper-ai') =>
  Object.fromEntries(judged(PRESENT + text).queues.get(queue)?.pflops ?? []);

describe('PFlops', () => {
  test('what a queue has is told by credits, what it holds by chips: also where credits are not counted', () => {
    expect(
      pflops(
        line('cluster_queue_nominal_quota', 63, CHIPS) +
          line('cluster_queue_nominal_quota', '2e+07', CREDITS) +
          line('cluster_queue_borrowing_limit', 65, CHIPS) +
          line('cluster_queue_borrowing_limit', '1e+07', CREDITS) +
          line('cluster_queue_resource_reservation', 16, CHIPS) +
          line('cluster_queue_resource_reservation', 0, CREDITS) +
          used(8, 0) +
          line('cluster_queue_resource_pending', 32, { resource: CHIPS.resource }) +
          line('cluster_queue_resource_pending', 0, { resource: CREDITS.resource }),
      ),
    ).toEqual({ nominal: 20, borrowable: 10, reserved: 5.008, used: 2.504, pending: 10.016 });
  });

  test('a family that is not there gives no figure, and no zero', () => {
    const text = line('pending_workloads', 3, { status: 'active' });
    expect(pflops(text)).toEqual({});
    expect(judged(PRESENT + text).rejected).toEqual({ queue_resources_off: 1 });
    // No queue at all: there is nothing to expose.
    expect(judged(PRESENT).rejected).toEqual({});
  });

  test('an infinite borrowing limit is no number, and only where it caps PFlops', () => {
    const limits = (chips: string, credits: string) =>
      line('cluster_queue_borrowing_limit', chips, CHIPS) + line('cluster_queue_borrowing_limit', credits, CREDITS);
    expect(pflops(limits('+Inf', '+Inf'))).toEqual({});
    expect(judged(PRESENT + limits('65', '+Inf')).rejected).toEqual({ unlimited_queue: 1 });
    expect(pflops(limits('+Inf', '1e+07'))).toEqual({ borrowable: 10 });
  });

  test.each([
    ['NaN', 'not_a_number'],
    ['-1', 'below_range'],
    ['1e400', 'not_a_number'],
  ])('%s of one part leaves the whole unknown', (text, reason) => {
    const other = line('cluster_queue_resource_usage', 8, { flavor: 'nc-a800', resource: 'nvidia.com/gpu' });
    const { queues, rejected } = judged(PRESENT + other + used(text, 0));
    expect(queues.get('copper-ai')?.pflops.get('used')).toBeUndefined();
    expect(queues.get('copper-ai')?.enforced).toBeNull();
    expect(rejected).toEqual({ [reason]: 1 });
  });

  test('an unknown resource leaves the sum unknown where any of it is held, and none of it is nothing', () => {
    const mlu = (count: number) =>
      line('cluster_queue_resource_usage', count, { flavor: 'mlu', resource: 'cambricon.com/mlu' });
    expect(pflops(used(8, 2_504_000) + mlu(0))).toEqual({ used: 2.504 });
    const { queues, rejected } = judged(PRESENT + used(8, 2_504_000) + mlu(4));
    expect(queues.get('copper-ai')?.pflops.size).toBe(0);
    expect(queues.get('copper-ai')?.enforced).toBe(true);
    expect(rejected).toEqual({ unknown_resource: 1 });
  });

  test('hosts are no computing power', () => {
    const hosts = line('cluster_queue_resource_usage', 512, { flavor: 'hosts', resource: 'cpu' });
    expect(pflops(hosts + used(8, 0))).toEqual({ used: 2.504 });
  });

  test('a queue of no tenant is counted and not shown', () => {
    const { queues, rejected } = judged(
      PRESENT +
        line('pending_workloads', 1, { status: 'active' }, 'lab') +
        line('cluster_queue_nominal_quota', 1, CHIPS, 'lab'),
    );
    expect(queues.size).toBe(0);
    expect(rejected).toEqual({ unknown_queue: 2 });
  });

  test('what another program says is no answer', () => {
    expect(() => judged('up 1\n')).toThrow(/is it the metrics endpoint of Kueue/);
  });

  test('a replica that has come to lead shows what it held as a follower once', () => {
    const as = (role: string) => line('cluster_queue_resource_usage', 8, { ...CHIPS, replica_role: role });
    expect(pflops(as('follower') + as('leader'))).toEqual({ used: 2.504 });
    expect(pflops(as('follower'))).toEqual({ used: 2.504 });
  });
});

test('jobs that wait are pending, whatever Kueue calls their waiting', () => {
  const text =
    line('pending_workloads', 2, { status: 'active' }) +
    line('pending_workloads', 3, { status: 'inadmissible' }) +
    line('reserving_active_workloads', 4) +
    line('admitted_active_workloads', 4);
  expect(Object.fromEntries(judged(PRESENT + text).queues.get('copper-ai')?.workloads ?? [])).toEqual({
    pending: 5,
    reserved: 4,
    admitted: 4,
  });
});

describe('whether the quota is in force', () => {
  test('all charged; nothing charged; one chip of many not charged', () => {
    expect(enforced(used(64, 64 * 313_000))).toBe(true);
    expect(enforced(used(64, 0))).toBe(false);
    expect(enforced(line('cluster_queue_resource_usage', 64, CHIPS))).toBe(false);
    expect(enforced(used(64, 63 * 313_000))).toBe(false);
  });

  test('nothing runs: there is no answer', () => {
    expect(enforced(used(0, 0))).toBeNull();
    expect(enforced(line('pending_workloads', 1, { status: 'active' }))).toBeNull();
  });

  test('less than a chip is rounding or a slight change of the coefficient; more is jobs that a lower one let in', () => {
    expect(enforced(used(64, 64 * 312_000))).toBe(true);
    expect(enforced(used(64, 64 * 300_000))).toBe(false);
    expect(enforced(used(64, 64 * 400_000))).toBe(true);
  });

  test('the least chip in use is the measure', () => {
    const gpu = line('cluster_queue_resource_usage', 1, { flavor: 'nc-a800', resource: 'nvidia.com/gpu' });
    expect(enforced(gpu + used(1, 313_000))).toBe(false);
    expect(enforced(gpu + used(1, 313_000 + 312_000))).toBe(true);
  });
});

test("a manager's flavours are accelerators, of the pools of its workers", () => {
  const flavor = { flavor: 'ascend-910b3', resource: CHIPS.resource };
  const text =
    PRESENT +
    line('cluster_queue_resource_usage', 8, flavor) +
    line('cluster_queue_resource_usage', 2_504_000, CREDITS);
  const pending = line('cluster_queue_resource_pending', 16, { resource: CHIPS.resource });
  const { queues } = judged(text + pending, provincePlan(), 'jx-m');
  expect(queues.get('copper-ai')).toMatchObject({
    enforced: true,
    pflops: new Map([
      ['used', 2.504],
      ['pending', 5.008],
    ]),
  });
});

test("chips of a manager's workers elsewhere, which a site's part of the declaration lacks, are worth what the catalogue says", () => {
  const plan = provincePlan();
  const { clusters, pools } = plan.estate;
  const part = {
    ...plan,
    estate: {
      ...plan.estate,
      clusters: clusters.filter(({ site }) => site === 'nanchang'),
      pools: pools.filter(({ cluster }) => cluster === 'nc-a'),
    },
  };
  const elsewhere = { flavor: 'ascend-910a', resource: 'huawei.com/Ascend910A' };
  const text =
    PRESENT +
    line('cluster_queue_resource_usage', 8, elsewhere) +
    line('cluster_queue_resource_usage', 2_048_000, CREDITS);
  const { queues, rejected } = judged(text, part, 'jx-m');
  expect(queues.get('copper-ai')).toMatchObject({ pflops: new Map([['used', 2.048]]), enforced: null });
  expect(rejected).toEqual({});
  const sliced = { flavor: 'nvidia-h20', resource: 'nvidia.com/mig-7g.96gb' };
  expect(
    judged(PRESENT + line('cluster_queue_resource_usage', 1, sliced), part, 'jx-m')
      .queues.get('copper-ai')
      ?.pflops.get('used'),
  ).toBe(0.148);
});
