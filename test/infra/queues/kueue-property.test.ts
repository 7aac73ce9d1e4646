import fc from 'fast-check';
import { expect, test } from 'vitest';
import { priorityClassOf } from '../../../infra/guardrails/priority-classes.ts';
import type { KubernetesObject } from '../../../infra/kubernetes.ts';
import { parseQuantity } from '../../../model/quantity.ts';
import type { Pool, Tenant } from '../../../model/schema/estate.ts';
import type { Job, KueueModel } from './kueue-model.ts';
import { modelOf, provinceOf, tried, type Rendered } from './modelled.ts';
import {
  estateOf,
  pflopsOf,
  randomJobs,
  randomProvince,
  requestOf,
  type RandomJob,
  type RandomProvince,
} from './random-province.ts';

const CREDITS = 'greenflops-credits greenflops.io/gflops-fp16';
/** Each plays up to two dozen jobs on up to four clusters. */
const runs = { numRuns: 30, maxSkipsPerRun: 40 };

/** A province that synth accepts, with what Kueue would do with its objects. */
function made(given: RandomProvince) {
  const found = tried(estateOf(given));
  fc.pre(found.refused === undefined);
  if (found.refused) throw new Error('fc.pre went on');
  const { all, plan } = found;
  const layers = given.manager ? provinceOf(all, 'top') : undefined;
  const workers = layers?.workers ?? new Map([...all].map(([id, one]) => [id, modelOf(one)]));
  return { all, estate: plan.estate, workers, province: layers?.province };
}
type Made = ReturnType<typeof made>;

const named = (objects: readonly KubernetesObject[], kind: string, name: string): KubernetesObject | undefined =>
  objects.find((one) => one.kind === kind && one.metadata.name === name);
const labelsOf = ({ objects }: Rendered, namespace: string) => named(objects, 'Namespace', namespace)?.metadata.labels;

/** A job of the list as it is handed in, with the cluster; undefined where its tenant has no queue for it there. */
function jobOf({ estate, all, workers, province }: Made, given: RandomJob, i: number) {
  const tenant = estate.tenants[given.tenant % estate.tenants.length]!;
  // Mostly of what its queues have; now and then of what they have not
  const own = estate.pools.filter(({ id, cluster }) =>
    [...(queueOf(workers, cluster, tenant.id)?.nominal.keys() ?? [])].some((key) => key.startsWith(`${id} `)),
  );
  const from = own.length > 0 && given.each < 8 ? own : estate.pools;
  const pool = from[given.pool % from.length]!;
  const namespace = tenant.namespaces[given.namespace % tenant.namespaces.length]!;
  const here = all.get(pool.cluster);
  const labels = here && labelsOf(here, namespace);
  if (!labels) return undefined;
  const job: Job = {
    name: `job-${i}`,
    namespace,
    priority: priorityClassOf(given.priority),
    podSets: [podsOf(pool, given.pods, given.each)],
  };
  // Through the manager where a policy demands it, and now and then where it does not
  const above = province && (labels['greenflops.io/dispatched'] === 'true' || given.pods % 2 === 0);
  return { job, tenant, pool, above: above ? province : undefined };
}

const podsOf = (pool: Pool, pods: number, each: number): Job['podSets'][number] => {
  const { requests, topology } = requestOf(pool, each);
  return { pods, requests, ...(topology && { placement: { unconstrained: true } }) };
};

interface Running {
  readonly job: Job;
  readonly tenant: Tenant;
  readonly cluster: string;
  readonly flavors: Readonly<Record<string, string>>;
}

/** Plays the jobs and looks at what runs after each of them. */
function play(it: Made, jobs: readonly RandomJob[], look: (running: readonly Running[]) => void): void {
  const handed = new Map<string, { job: Job; tenant: Tenant; pool: Pool; above: Made['province'] }>();
  for (const [i, given] of jobs.entries()) {
    const one = jobOf(it, given, i);
    if (!one) continue;
    handed.set(one.job.name, one);
    const worker = it.workers.get(one.pool.cluster)!;
    (one.above ?? worker).submit(one.job);
    const [oldest] = handed.values();
    if (given.ends && oldest && handed.size > 3) {
      (oldest.above ?? it.workers.get(oldest.pool.cluster)!).finish(oldest.job.name);
      handed.delete(oldest.job.name);
    }
    for (const model of it.workers.values()) model.settle();
    it.province?.settle();
    look(
      [...handed.values()].flatMap(({ job, tenant }): Running[] =>
        [...it.workers].flatMap(([cluster, model]) => {
          const verdict = model.verdict(job.name);
          return verdict.state === 'admitted' ? [{ job, tenant, cluster, flavors: verdict.flavors }] : [];
        }),
      ),
    );
  }
}

/** PFlops that the chips of a job really have, by the catalogue. */
const power = ({ estate }: Made, { job, flavors }: Running): number => {
  const pool = estate.pools.find(({ id }) => Object.values(flavors).includes(id))!;
  return job.podSets.reduce((sum, { pods, requests }) => sum + pods * pflopsOf(pool, requests), 0);
};
/** Credits of one are whole GFLOPS, rounded down: so much a unit may be more than what it counts as. */
const ROUNDING = 1e-6 * 10_000;
const total = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0);
const promised = ({ quota }: Tenant): number => total(quota.map(({ pflops }) => pflops));

test('no tenant ever runs more than it was promised and may borrow, on all clusters together', () => {
  fc.assert(
    fc.property(randomProvince, randomJobs, (given, jobs) => {
      const it = made(given);
      play(it, jobs, (running) => {
        for (const tenant of it.estate.tenants) {
          const used = total(running.filter((one) => one.tenant === tenant).map((one) => power(it, one)));
          expect(used, tenant.id).toBeLessThanOrEqual(promised(tenant) + tenant.borrow_pflops + ROUNDING);
        }
      });
    }),
    runs,
  );
});

test('no group ever hands out more than its tenants were promised', () => {
  fc.assert(
    fc.property(randomProvince, randomJobs, (given, jobs) => {
      const it = made(given);
      const groups = [...Map.groupBy(it.estate.tenants, ({ group }) => group ?? '').entries()].filter(
        ([group]) => group,
      );
      play(it, jobs, (running) => {
        for (const [group, own] of groups) {
          const used = total(running.filter(({ tenant }) => own.includes(tenant)).map((one) => power(it, one)));
          expect(used, group).toBeLessThanOrEqual(total(own.map(promised)) + ROUNDING);
        }
      });
    }),
    runs,
  );
});

test('no pool ever gives more chips than it has, and no namespace gets more than its ResourceQuota', () => {
  fc.assert(
    fc.property(randomProvince, randomJobs, (given, jobs) => {
      const it = made(given);
      play(it, jobs, (running) => {
        for (const pool of it.estate.pools) {
          const own = running.filter(({ flavors }) => Object.values(flavors).includes(pool.id));
          const all = pflopsOf(pool, requestOf(pool, 'all').requests);
          expect(total(own.map((one) => power(it, one))), pool.id).toBeLessThanOrEqual(all + 1e-9);
        }
        for (const [cluster, { objects }] of it.all)
          for (const quota of objects.filter(({ kind }) => kind === 'ResourceQuota')) {
            const { hard } = (quota as unknown as { spec: { hard: Record<string, string> } }).spec;
            const here = running.filter(
              (one) => one.cluster === cluster && one.job.namespace === quota.metadata.namespace,
            );
            const asked = new Map<string, number>();
            for (const { job } of here)
              for (const { pods, requests } of job.podSets)
                for (const [name, each] of Object.entries(requests))
                  asked.set(name, (asked.get(name) ?? 0) + pods * Number(each));
            for (const [name, count] of asked) {
              const [, claimed] = /^claims\.greenflops\.io\/(.*)$/.exec(name) ?? [];
              const key = claimed === undefined ? `requests.${name}` : `${claimed}.deviceclass.resource.k8s.io/devices`;
              expect(count, `${quota.metadata.namespace} ${name}`).toBeLessThanOrEqual(Number(hard[key] ?? Infinity));
            }
          }
      });
    }),
    runs,
  );
});

const queueOf = (models: ReadonlyMap<string, KueueModel>, cluster: string, tenant: string) =>
  models.get(cluster)?.queues.get(tenant);

test('what a queue has of a pool is what was promised, rounded down by less than one unit', () => {
  fc.assert(
    fc.property(randomProvince, (given) => {
      const it = made(given);
      for (const tenant of it.estate.tenants)
        for (const pool of it.estate.pools) {
          const own = tenant.quota.filter((quota) => quota.pool === pool.id);
          if (own.length === 0) continue;
          const { requests, unit } = requestOf(pool, 1);
          const [name] = Object.keys(requests).slice(-1); // of HAMi's the cores, which stand last
          const chips = queueOf(it.workers, pool.cluster, tenant.id)?.nominal.get(`${pool.id} ${name}`) ?? -1;
          const compiled = (chips * pflopsOf(pool, requests)) / Number(Object.values(requests).at(-1));
          const meant = total(own.map(({ pflops }) => pflops));
          expect(compiled).toBeLessThanOrEqual(meant + 1e-9);
          expect(meant - compiled).toBeLessThan(own.length * unit + 1e-9);
        }
    }),
    runs,
  );
});

test('the manager has what its workers have, added up; a quota of no cluster it has once, and each worker may give it', () => {
  fc.assert(
    fc.property(randomProvince, (province) => {
      const given = { ...province, manager: true };
      const it = made(given);
      const top = it.all.get('top')!;
      const manager = modelOf(top);
      for (const tenant of it.estate.tenants) {
        const queue = manager.queues.get(tenant.id)!;
        const claimed = (quota: Tenant['quota'][number]) =>
          it.estate.pools.find(({ id }) => id === quota.pool)?.sharing.by === 'dra';
        const counted = tenant.quota.filter((quota) => !claimed(quota));
        const credits = Math.floor(Math.round(total(counted.map(({ pflops }) => pflops)) * 1e9) / 1e3);
        expect(queue.nominal.get(CREDITS) ?? 0).toBe(counted.length > 0 ? credits : 0);
        // Chips by model, which are flavours here, as the workers have them by pool
        const chips = new Map<string, number>();
        for (const [cluster, model] of it.workers)
          for (const [key, count] of model.queues.get(tenant.id)?.nominal ?? []) {
            const [flavor = '', resource = ''] = key.split(' ');
            const pool = it.estate.pools.find(({ id, cluster: of }) => id === flavor && of === cluster);
            if (pool)
              chips.set(`${pool.accelerator} ${resource}`, (chips.get(`${pool.accelerator} ${resource}`) ?? 0) + count);
          }
        for (const [key, count] of chips) expect(queue.nominal.get(key), key).toBe(count);
        // Whoever may get its jobs knows the tenant by the same names, and is cleared for its data
        const { spec } = named(top.objects, 'MultiKueueConfig', tenant.id) as unknown as {
          spec: { clusters: string[] };
        };
        expect(spec.clusters.length).toBeGreaterThan(0);
        for (const id of spec.clusters) {
          const worker = it.all.get(id)!;
          expect(worker.view.cluster.data_classes).toContain(tenant.data_class);
          expect(it.workers.get(id)?.queues.has(tenant.id)).toBe(true);
          for (const namespace of tenant.namespaces) {
            expect(labelsOf(worker, namespace)).toBeDefined();
            const doors = ({ objects }: Rendered) =>
              objects
                .filter(({ kind, metadata }) => kind === 'LocalQueue' && metadata.namespace === namespace)
                .map(({ metadata }) => metadata.name);
            expect(doors(worker)).toEqual(doors(top));
          }
        }
      }
    }),
    runs,
  );
});

test('the queues of a pool together have no more of it as their own than there is', () => {
  type Spec = { resourceGroups: { flavors: { name: string; resources: Record<string, string>[] }[] }[] };
  const count = (text = '0'): number => Number(parseQuantity(text)?.n ?? NaN);
  fc.assert(
    fc.property(randomProvince, (given) => {
      for (const { objects, view } of made(given).all.values()) {
        if (view.cluster.role === 'manager') continue; // a flavour of its is of several pools
        const rows = objects
          .filter(({ kind }) => kind === 'ClusterQueue')
          .flatMap((one) => (one as { spec?: Spec }).spec?.resourceGroups ?? [])
          .flatMap(({ flavors }) => flavors.flatMap(({ name, resources }) => resources.map((row) => ({ name, row }))))
          .filter(({ name, row }) => !name.startsWith('greenflops-') && !row['name']?.startsWith('claims.'));
        for (const [key, same] of Map.groupBy(rows, ({ name, row }) => `${name} ${row['name']}`)) {
          const own = total(same.map(({ row }) => count(row['nominalQuota'])));
          // A queue that may borrow all that is not its own says with both what there is; of claims none may borrow.
          const has = Math.max(...same.map(({ row }) => count(row['nominalQuota']) + count(row['borrowingLimit'])));
          expect(own, key).toBeLessThanOrEqual(has);
        }
      }
    }),
    runs,
  );
});

test('whoever was promised chips of a pool gets them back from whoever borrowed them', () => {
  fc.assert(
    fc.property(randomProvince, randomJobs, (given, jobs) => {
      // Quotas of no cluster need the manager.
      const bound = given.tenants.map((one) => ({
        ...one,
        quotas: one.quotas.filter(({ at }) => 'pool' in at || 'cluster' in at),
      }));
      const it = made({ ...given, manager: false, tenants: bound });
      play(it, jobs, () => undefined);
      // Its own jobs are over; others' go on
      for (const tenant of it.estate.tenants)
        for (const pool of it.estate.pools) {
          const queue = queueOf(it.workers, pool.cluster, tenant.id);
          const model = it.workers.get(pool.cluster)!;
          const { requests, topology } = requestOf(pool, 1);
          if (!queue || !topology || !tenant.quota.some((quota) => quota.pool === pool.id)) continue;
          const [name = ''] = Object.keys(requests);
          for (let i = 0; i < jobs.length; i++)
            if (jobs[i] && jobOf(it, jobs[i]!, i)?.tenant === tenant) model.finish(`job-${i}`);
          const mine = queue.nominal.get(`${pool.id} ${name}`) ?? 0;
          model.submit({ name: 'own', namespace: tenant.namespaces[0]!, podSets: [podsOf(pool, mine, 1)] });
          expect(model.settle().verdict('own'), `${tenant.id} ${pool.id} ${mine}`).toMatchObject({ state: 'admitted' });
          model.finish('own');
        }
    }),
    runs,
  );
});

test('what one lends on each of its clusters is lent once: under a manager the whole group hands its jobs to it', () => {
  const usual = { group: 'one', priority: 'normal', namespaces: 1, important: false } as const;
  const it = made({
    clusters: [0, 1].map((kind) => ({ pools: [{ kind, count: 24 }], important: false })),
    manager: true,
    tenants: [
      { ...usual, quotas: [{ at: { pool: 0 }, share: 400 }], borrow: 3 }, // 2.995 PFlops: 9 chips of w-0
      { ...usual, quotas: [{ at: {}, share: 200 }], borrow: 0 }, // 1.498 PFlops: 4 chips of either
    ],
  });
  const job = (tenant: number, pods: number): RandomJob => ({
    tenant,
    namespace: 0,
    pool: tenant,
    pods, // odd: straight to the worker, where that is allowed
    each: 1,
    priority: 'normal',
    ends: false,
  });
  play(it, [job(0, 13), job(1, 3)], (running) =>
    expect(total(running.map((one) => power(it, one)))).toBeLessThanOrEqual(total(it.estate.tenants.map(promised))),
  );
});
