import type { Accelerator } from '../../../model/schema/accelerators.ts';
import type { Pool } from '../../../model/schema/estate.ts';
import type { Family } from '../../../model/schema/telemetry.ts';
import type { Gateways } from '../../read/gateways.ts';
import type { QuerySample } from '../../read/prometheus/prometheus-answer.ts';
import { aligned, prometheusQuery } from '../../read/prometheus/prometheus-query.ts';
import type { MatchedSource } from '../../read/prometheus/prometheus-samples.ts';
import { ReadError, type Reader } from '../../read/reader.ts';
import { type FleetLook, lookAt } from './fleet-look.ts';
import { type FleetQuery, fleetQueries } from './fleet-queries.ts';
import { fleetScope } from './fleet-scope.ts';

/** What a server added up of a pool's devices. */
export interface FleetAnswer {
  /** Instant of evaluation, Unix ms: a whole multiple of the interval */
  readonly time: number;
  readonly look: FleetLook;
  readonly answers: readonly { readonly query: FleetQuery; readonly samples: readonly QuerySample[] }[];
}

/** So long holds what was seen of labels and metrics; as long as a Prometheus shows a series that is gone. */
const LOOK_AGAIN_MS = 300_000;
/** Rows of one answer: a namespace each. */
const MAX_ROWS = 10_000;

/**
 * A pool whose devices a Prometheus adds up: no device is seen one by one. The first read, and one every five minutes,
 * looks at what the series are like; where the time is not enough for it, the next read goes on from there.
 * @param now Unix ms
 */
export function openFleet(
  pool: Pool,
  family: Family,
  accelerator: Accelerator,
  source: MatchedSource,
  gateways: Gateways,
  now: () => number = Date.now,
): Reader<FleetAnswer> {
  const scope = fleetScope(pool, family, accelerator, source.matchers);
  const server = prometheusQuery(source, gateways);
  const again = Math.max(LOOK_AGAIN_MS, 3 * scope.every);
  let seen: { readonly look: FleetLook; readonly at: number } | null = null;
  /** Of a look that is not complete: question -> answer */
  const remembered = new Map<string, readonly QuerySample[]>();
  let begun = 0;

  async function looked(time: number, signal: AbortSignal): Promise<FleetLook> {
    if (seen && time - seen.at < again && time >= seen.at) return seen.look;
    if (Math.abs(time - begun) >= again) remembered.clear();
    if (remembered.size === 0) begun = time;
    const look = await lookAt(scope, async (promql) => {
      const known = remembered.get(promql) ?? (await asked(promql, begun, signal));
      remembered.set(promql, known);
      return known;
    });
    remembered.clear();
    seen = { look, at: time };
    return look;
  }

  const asked = async (promql: string, time: number, signal: AbortSignal): Promise<readonly QuerySample[]> =>
    (await server.query(promql, { time, signal, mayBeEmpty: true, maxSeries: MAX_ROWS })).samples;

  return {
    async read(signal) {
      const time = aligned(now(), scope.every);
      const look = await looked(time, signal);
      const answers: { query: FleetQuery; samples: readonly QuerySample[] }[] = [];
      for (const query of fleetQueries(scope, look.facts))
        answers.push({ query, samples: await asked(query.promql, time, signal) });
      // Devices, or models where none is of the declared one
      if (answers.every(({ samples }) => samples.length === 0)) {
        seen = null;
        throw new ReadError('empty', `pool ${pool.id}: the server no longer has a sample of family ${family.id}`);
      }
      return { time, look, answers };
    },
    close: () => server.close(),
  };
}
