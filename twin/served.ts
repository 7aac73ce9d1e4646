import { addressOf, type Estate } from './estate.ts';
import { modelOf } from './meters.ts';
import type { Centre } from './physics/centre.ts';
import { epoch } from './physics/time.ts';

/** What a twin serves where, for people: GET / and the lines at its start. */
export interface Served {
  readonly seed: number;
  readonly epoch: string;
  readonly control: readonly string[];
  readonly meters: readonly { id: string; address: string; unit: number; model: string }[];
  readonly pools: readonly { id: string; url: string; model: string; devices: number }[];
  /** Declared, but by a protocol that the twin does not speak: only GET /truth knows them. */
  readonly not_served: readonly string[];
}

export function servedOf(estate: Estate, centre: Centre, seed: number): Served {
  return {
    seed,
    epoch: new Date(epoch).toISOString(),
    control: ['GET /truth?at=UNIX_MS', 'GET /fault', 'POST /fault {target, kind, …}', 'DELETE /fault/ID_OR_TARGET'],
    meters: estate.meters.flatMap((entry) => {
      const { id, modbus } = entry;
      if (modbus === null) return [];
      return [{ id, address: addressOf(modbus), unit: modbus.unit, model: modelOf(entry, estate.meters).name }];
    }),
    pools: estate.pools.flatMap(({ id, exporter, count }) => {
      const pool = centre.pools.get(id);
      if (exporter === null || pool === undefined) return [];
      return [{ id, url: exporter.url, model: pool.accelerator.model, devices: count }];
    }),
    not_served: [
      ...estate.meters.filter(({ modbus }) => modbus === null),
      ...estate.pools.filter(({ exporter }) => exporter === null),
    ].map(({ id }) => id),
  };
}
