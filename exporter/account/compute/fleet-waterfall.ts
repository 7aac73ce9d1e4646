import { peakTflops, peakTflopsPerId } from '../../../model/peak.ts';
import type { Accelerator } from '../../../model/schema/accelerators.ts';
import type { Pool } from '../../../model/schema/estate.ts';
import { PRECISION } from '../../judge/device/device.ts';
import type { Amount, FleetJudgement } from '../../judge/fleet/fleet-judge.ts';
import type { HolderOf } from './compute-holder.ts';
import type { Step, Waterfall } from './waterfall.ts';

const TERA_PER_PETA = 1000;

/**
 * As `waterfall`, of devices that a server has added up. Delivered is the mean over one interval.
 * A card that two namespaces of one tenant share counts once for each among that tenant's accelerators.
 */
export function fleetWaterfall(
  pool: Pool,
  accelerator: Accelerator,
  judged: FleetJudgement | null,
  holderOf: HolderOf,
): Waterfall {
  const peak = peakTflops(accelerator, PRECISION);
  const nominal = peak === undefined ? null : (pool.count * peak) / TERA_PER_PETA;
  // an answer of which nothing was believed does not say that there are no devices
  const silent = judged === null || (judged.racked === 0 && judged.rejected.size > 0);
  return { nominal, telemetry: silent ? null : telemetryOf(judged, accelerator, holderOf) };
}

function telemetryOf(
  { racked, healthy, allocated, busy, work, namespaces }: FleetJudgement,
  accelerator: Accelerator,
  holderOf: HolderOf,
): NonNullable<Waterfall['telemetry']> {
  const peak = peakTflopsPerId(accelerator, PRECISION);
  const step = ({ devices, share }: Amount): Step => ({
    pflops: peak === undefined ? null : (share * peak) / TERA_PER_PETA,
    accelerators: devices / accelerator.dies_per_package,
  });
  const tenants = new Map<string, Amount>();
  for (const [namespace, { devices, share }] of namespaces) {
    const { tenant } = holderOf(namespace);
    const before = tenants.get(tenant) ?? { devices: 0, share: 0 };
    tenants.set(tenant, { devices: before.devices + devices, share: before.share + share });
  }
  const told = peak === undefined || busy === null ? [] : work;
  return {
    racked: step({ devices: racked, share: racked }),
    healthy: step({ devices: healthy, share: healthy }),
    allocated: step(allocated),
    busy: busy && step(busy),
    delivered: new Map(
      told.map(({ tier, held }) => {
        const activity = [...held.values()].reduce((total, part) => total + part, 0);
        return [tier, (activity * (peak ?? 0)) / TERA_PER_PETA];
      }),
    ),
    tenants: new Map([...tenants].map(([tenant, amount]) => [tenant, step(amount)])),
  };
}
