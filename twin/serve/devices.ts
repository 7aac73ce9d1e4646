import { addressOf, type Endpoint, type Estate } from '../estate.ts';
import type { FaultBoard } from '../faults/board.ts';
import type { Centre } from '../physics/centre.ts';
import { exportersOf } from './exporters.ts';
import { gatewayOf } from './gateway.ts';
import { listenerOf, type Listener } from './listener.ts';
import type { Meter } from './reading.ts';

/** All devices of the estate, one listener per host:port: gateways with their meters, servers with their exporters. */
export function devicesOf(
  { meters: entries, pools, file }: Estate,
  centre: Centre,
  meters: readonly Meter[],
  board: FaultBoard,
  now: () => number,
): Listener[] {
  const gateways = perAddress(entries.flatMap(({ id, modbus }) => (modbus ? { id, endpoint: modbus } : [])));
  const servers = perAddress(pools.flatMap(({ id, exporter }) => (exporter ? { id, endpoint: exporter } : [])));
  return [
    ...gateways.map(({ endpoint, ids }) => {
      const behind = meters.filter(({ id }) => ids.has(id));
      return listenerOf(gatewayOf(behind, board, now), endpoint, ids, file);
    }),
    ...servers.map(({ endpoint, ids }) => {
      const paths = pools.flatMap(({ id, exporter }) => {
        const pool = centre.pools.get(id);
        return exporter && pool && ids.has(id) ? [[exporter.path, pool] as const] : [];
      });
      return listenerOf(exportersOf(new Map(paths), board, now), endpoint, ids, file);
    }),
  ];
}

function perAddress(devices: readonly { id: string; endpoint: Endpoint }[]) {
  const groups = new Map<string, { endpoint: Endpoint; ids: Set<string> }>();
  for (const { id, endpoint } of devices) {
    const address = addressOf(endpoint);
    const group = groups.get(address) ?? { endpoint, ids: new Set() };
    groups.set(address, group);
    group.ids.add(id);
  }
  return [...groups.values()];
}
