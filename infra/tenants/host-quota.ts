import type { QuotaUnit } from '../../model/quota-unit.ts';
import { cores, mebibytes } from '../../model/quantity.ts';
import { hostsOf } from '../../model/queues/hosts.ts';
import { add, floor, multiply, rational, type Rational } from '../../model/rational.ts';
import type { Accelerator } from '../../model/schema/accelerators.ts';
import type { Pool } from '../../model/schema/estate.ts';
import type { Text } from '../../model/text.ts';

/** What of a pool's hosts goes with a namespace's part of its chips. */
export interface HostPart {
  /** Cores */
  readonly cpu: Rational;
  /** Mebibytes */
  readonly memory: Rational;
  readonly made: Text;
}

/** Of `share` units, which may be parts of a chip; undefined where the pool does not say what goes with one. */
export function hostPart(pool: Pool, accelerator: Accelerator, unit: QuotaUnit, share: number): HostPart | undefined {
  const hosts = hostsOf(pool, accelerator, unit, rational(share));
  const { id, per_chip: each } = pool;
  if (!hosts || !each) return undefined;
  const { cpu, memory } = each;
  return {
    ...hosts,
    made: { zh: `${id} 每卡 ${cpu} 核、${memory}`, en: `${cpu} CPUs and ${memory} with each chip of ${id}` },
  };
}

/** Caps on what pods request of CPU and memory, rounded down; undefined where a pool does not say what goes with its chips. */
export function hostKeys(parts: readonly (HostPart | undefined)[]) {
  const known = parts.filter((part) => part !== undefined);
  if (known.length === 0 || known.length < parts.length) return undefined;
  const sum = (of: (part: HostPart) => Rational) => known.map(of).reduce(add);
  const list = (language: 'zh' | 'en', by: string) => known.map(({ made }) => made[language]).join(by);
  return {
    hard: {
      'requests.cpu': cores(
        floor(
          multiply(
            sum(({ cpu }) => cpu),
            rational(1000),
          ),
        ),
      ),
      'requests.memory': mebibytes(floor(sum(({ memory }) => memory))),
    },
    made: {
      zh: `CPU 和内存随卡分配：${list('zh', '、')}`,
      en: `CPU and memory go with the chips: ${list('en', ', ')}`,
    },
  };
}
