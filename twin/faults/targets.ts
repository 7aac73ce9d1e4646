import type { Centre } from '../physics/centre.ts';
import type { Meter } from '../serve/reading.ts';
import type { TargetFacts } from './board.ts';

/** What `target` (a meter, a pool, or pool/index) is, and which faults it cannot have; null: there is no such thing. */
export function targetFacts(target: string, { pools }: Centre, meters: readonly Meter[]): TargetFacts | null {
  const meter = meters.find(({ id }) => id === target);
  if (meter) {
    const { modulus, name } = meter.model;
    return {
      sort: 'meter',
      cannot: (kind) => (kind === 'rollover' && modulus === null ? `the ${name} never rolls over` : null),
    };
  }
  const [id = '', index] = target.split('/');
  const pool = pools.get(id);
  if (pool === undefined) return null;
  const devices = pool.nodes.flatMap((node) => node.devices.map((device) => String(device.index)));
  if (index !== undefined && !devices.includes(index)) return null;
  const { shape, mig, model } = pool.accelerator;
  return {
    sort: index === undefined ? 'pool' : 'device',
    cannot: (kind) => {
      if (kind === 'mig' && mig.length === 0) return `${model} has no MIG`;
      return kind === 'stale_timestamps' && shape !== 'npu' ? 'its exporter gives no timestamps' : null;
    },
  };
}
