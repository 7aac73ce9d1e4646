import type { QuotaUnit } from '../../model/quota-unit.ts';
import { add, exactDecimal, floor, multiply, rational, type Rational } from '../../model/rational.ts';
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

const MEBI = { Mi: 1, Gi: 1024, Ti: 1024 * 1024 };

/** Of `share` units, which may be parts of a chip; undefined where the pool does not say what goes with one. */
export function hostPart(
  { id, per_chip: each }: Pool,
  { peak_tflops: { fp16 = 0 } }: Accelerator,
  { tflops }: QuotaUnit,
  share: number,
): HostPart | undefined {
  if (!each || fp16 === 0) return undefined;
  const { cpu, memory } = each;
  const peak = exactDecimal(fp16);
  const chips = multiply(rational(share), { n: tflops.n * peak.d, d: tflops.d * peak.n });
  const mebi = Number.parseInt(memory, 10) * MEBI[memory.slice(-2) as keyof typeof MEBI];
  return {
    cpu: multiply(chips, exactDecimal(cpu)),
    memory: multiply(chips, rational(mebi)),
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
      'requests.memory': bytes(floor(sum(({ memory }) => memory))),
    },
    made: {
      zh: `CPU 和内存随卡分配：${list('zh', '、')}`,
      en: `CPU and memory go with the chips: ${list('en', ', ')}`,
    },
  };
}

/** Both as an API server writes them, so that what it holds equals what was declared. */
const cores = (milli: bigint): string => (milli % 1000n === 0n ? String(milli / 1000n) : `${milli}m`);

function bytes(mebi: bigint): string {
  if (mebi === 0n) return '0';
  let [count, unit] = [mebi, 0];
  for (; unit < 2 && count % 1024n === 0n; unit++) count /= 1024n;
  return `${count}${['Mi', 'Gi', 'Ti'][unit]}`;
}
