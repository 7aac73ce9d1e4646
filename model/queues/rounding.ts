import { acceleratorOf } from '../accelerator-of.ts';
import type { Plan } from '../plan.ts';
import { quotaUnit, unitsOf } from '../quota-unit.ts';
import { exactDecimal, floor, multiply, rational, subtract, type Rational } from '../rational.ts';
import type { Cluster, Pool } from '../schema/estate.ts';
import type { Text } from '../text.ts';
import { creditsOf } from './credits.ts';
import { clustersOfQuota, workersOf } from './scope.ts';

/** What became of one quota of a tenant on a cluster: PFlops were promised, whole cards and credits were compiled. */
export interface RoundingRow {
  readonly tenant: string;
  /** undefined: of any pool that its queue may give */
  readonly pool: string | undefined;
  /** Of a pool shared by slices: which of them */
  readonly slice?: string;
  readonly cluster: string;
  /** PFlops dense FP16 */
  readonly promised: number;
  /** Whole cards, slices, turns or per cent; absent where no pool is named, so that credits alone cap it */
  readonly units?: number;
  readonly unit?: Text;
  /** PFlops, exact decimal text; what is no finite decimal (sevenths of a card) is cut after nine places */
  readonly compiled: string;
  /** promised − compiled, PFlops, exact decimal text: less than one unit, or one GFLOPS where no pool is named */
  readonly short: string;
  /** Whole GFLOPS; undefined without Kueue, and of claims, which Kueue counts in chips alone */
  readonly credits: number | undefined;
  /** PFlops that the tenant may borrow over all its quotas */
  readonly borrow: number;
}

/** Rows of every quota that counts on the cluster with these pools; a manager's are those of its workers. */
export function roundingOf(plan: Plan, cluster: Cluster, pools: readonly Pool[]): RoundingRow[] {
  const { estate } = plan;
  const workers = cluster.role === 'manager' ? workersOf(estate, cluster) : [cluster];
  return estate.tenants.flatMap((tenant) =>
    tenant.quota.flatMap((quota): RoundingRow[] => {
      if (!clustersOfQuota(estate, tenant, quota).some((one) => workers.includes(one))) return [];
      const { pool: id, slice, pflops } = quota;
      const pool = pools.find((one) => one.id === id);
      const accelerator = pool && acceleratorOf(plan, pool);
      const unit = accelerator && quotaUnit(pool, accelerator, slice);
      if (id !== undefined && !unit) return []; // not valid now; what is none at all loadPlan has refused
      const credits = cluster.kueue.enabled && pool?.sharing.by !== 'dra' ? creditsOf([pflops]) : undefined;
      const units = unit && unitsOf(pflops, unit);
      const worth = unit
        ? multiply(multiply(rational(units ?? 0), unit.tflops), rational(1, 1000))
        : rational(credits ?? 0, 1_000_000);
      const compiled = decimalText(worth);
      return [
        {
          tenant: tenant.id,
          pool: id,
          ...(slice !== undefined && { slice }),
          cluster: cluster.id,
          promised: pflops,
          ...(unit && { units, unit: unit.name }),
          compiled,
          short: decimalText(subtract(exactDecimal(pflops), exactDecimal(Number(compiled)))),
          credits,
          borrow: tenant.borrow_pflops,
        },
      ];
    }),
  );
}

const PLACES = 9;

/** A number that is not negative as decimal text, cut after nine places (MFLOPS of a PFlops). */
export function decimalText(value: Rational): string {
  const digits = String(floor(multiply(value, rational(10n ** BigInt(PLACES))))).padStart(PLACES + 1, '0');
  return `${digits.slice(0, -PLACES)}.${digits.slice(-PLACES)}`.replace(/\.?0+$/, '');
}
