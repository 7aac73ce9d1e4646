import type { Accelerator } from '../accelerators.ts';
import { random } from './random.ts';
import { weekMs } from './time.ts';

/** One job on one node: it holds all the node's devices and keeps them equally busy from its start to its end. */
export interface Job {
  readonly tenant: string;
  readonly namespace: string;
  readonly pod: string;
  /** Share of time that the tensor (cube) units work, 0-1: the truth of the job. */
  readonly tensor: number;
  /** Share of time that the cores (SM, AI core) hold work; never below `tensor`. */
  readonly core: number;
  /** Share of time that any kernel runs; never below `core`. */
  readonly busy: number;
  readonly clock_mhz: number;
  /** Share of the way from idle power to TDP, 0-1. */
  readonly load: number;
}

/** A node's week, repeated for ever: edges in ms since the week's start, and the job from each edge on (null: idle). */
export interface Schedule {
  readonly starts: Float64Array;
  readonly jobs: readonly (Job | null)[];
}

const minuteMs = 60_000;
/** Six decimals, as DCGM prints ratios: what is reported is then the truth itself. */
const micro = (ratio: number) => Math.round(ratio * 1e6) / 1e6;

/** Draws a node's week. `namespaces` are [tenant, namespace] pairs. */
export function scheduleOf(
  seed: number,
  node: string,
  accelerator: Accelerator,
  namespaces: readonly (readonly [string, string])[],
): Schedule {
  const next = random(seed, 'schedule', node);
  /** Exponentially distributed, at least `least`: whole ms, so that edges fall at odd times. */
  const duration = (least: number, mean: number) =>
    Math.round((least + Math.min(6 * mean, -mean * Math.log(1 - next()))) * minuteMs);
  const starts: number[] = [];
  const jobs: (Job | null)[] = [];
  let edge = 0;
  let idle = next() < 0.2;
  while (edge < weekMs) {
    starts.push(edge);
    jobs.push(idle ? null : jobOf(next, `${node}-${jobs.length}`, accelerator, namespaces));
    edge += idle ? duration(3, 60) : duration(20, 240);
    idle = !idle;
  }
  return { starts: Float64Array.from(starts), jobs };
}

function jobOf(
  next: () => number,
  name: string,
  { clock_mhz: { low, high, step } }: Accelerator,
  namespaces: readonly (readonly [string, string])[],
): Job {
  const [tenant, namespace] = namespaces[Math.floor(next() * namespaces.length)] ?? ['unassigned', 'default'];
  // 0.12 to 0.68: what training and serving reach in practice, and below the best dense matmul of any card.
  const tensor = micro(0.12 + 0.56 * next());
  const core = micro(tensor + (1 - tensor) * 0.5 * next());
  return {
    tenant,
    namespace,
    pod: `${namespace}-${name}`,
    tensor,
    core,
    busy: micro(core + (1 - core) * next()),
    clock_mhz: low + step * Math.floor(next() * ((high - low) / step + 1)),
    load: 0.35 + 0.65 * tensor,
  };
}
