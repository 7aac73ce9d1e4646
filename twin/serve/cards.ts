import { numberOf, type Fault } from '../faults/board.ts';
import { jobAt, type Device, type Node, type Pool } from '../physics/pool.ts';
import type { Job } from '../physics/schedule.ts';
import { sinceEpoch } from '../physics/time.ts';

/** A device as its exporter sees it at one instant, faults included. */
export interface Card {
  readonly node: Node;
  readonly device: Device;
  readonly job: Job | null;
  readonly model: string;
  readonly clock_mhz: number;
  readonly memory: { readonly total_mib: number; readonly used_mib: number };
  /** Profiles of the MIG instances; empty: the card is whole. */
  readonly instances: readonly string[];
}

/** The cards of a pool at an instant (Unix ms). `faults` gives the active ones of a target. */
export function cardsOf(pool: Pool, at: number, faults: (target: string) => readonly Fault[]): Card[] {
  const ms = sinceEpoch(at);
  const { model, clock_mhz, memory_mib, mig } = pool.accelerator;
  const pooled = faults(pool.id);
  return pool.nodes.flatMap((node) => {
    const job = jobAt(node, ms);
    return node.devices.map((device) => {
      const own = [...pooled, ...faults(`${pool.id}/${device.index}`)];
      const had = (kind: string) => own.find((fault) => fault.kind === kind);
      const wrongClock = had('clock_wrong');
      return {
        node,
        device,
        job,
        model: had('unknown_model') ? `Nobody ${model}` : model,
        clock_mhz: wrongClock ? numberOf(wrongClock, 'mhz', 0) : (job?.clock_mhz ?? clock_mhz.idle),
        memory: { total_mib: memory_mib, used_mib: Math.round(memory_mib * (job ? 0.5 + 0.4 * job.core : 0.01)) },
        instances: had('mig') ? mig : [],
      };
    });
  });
}
