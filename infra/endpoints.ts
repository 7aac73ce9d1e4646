import { poolEndpoints } from '../model/pool-endpoints.ts';
import type { Estate } from '../model/schema/estate.ts';
import type { Endpoint } from './tenants/network.ts';

/** A device that a site's exporter reads over the network, and where the estate says so. */
export interface DeclaredEndpoint extends Endpoint {
  readonly path: readonly (string | number)[];
  /** True where the address holds a user, a password or a token, which would lie open in a ConfigMap */
  readonly holdsSecret: boolean;
}

/** What a site's exporter reads, in the order of the estate; text files (file:///…) and calculated meters need no network. */
export function endpoints({ meters, pools, clusters }: Estate, site: string): DeclaredEndpoint[] {
  const here = new Set(clusters.filter((cluster) => cluster.site === site).map(({ id }) => id));
  return [
    ...meters.flatMap(({ site: of, source }, i): DeclaredEndpoint[] => {
      if (of !== site) return [];
      const path = ['meters', i, 'source'];
      if ('address' in source) {
        const transport = source.protocol === 'snmp' ? 'udp' : 'tcp';
        return at(`${transport}://${source.address}`, [...path, 'address']);
      }
      return 'url' in source ? at(source.url, [...path, 'url']) : [];
    }),
    ...pools.flatMap((pool, i) => {
      const path = ['pools', i, 'telemetry', 'source'];
      const key = (url: string) => (pool.telemetry?.source.url === url ? 'url' : 'url_per_node');
      if (!here.has(pool.cluster)) return [];
      return poolEndpoints(pool).flatMap(({ source: { url } }) => at(url, [...path, key(url)]));
    }),
    ...clusters.flatMap(({ id, allocation }, i) => {
      const source = allocation?.source;
      if (!source || !here.has(id) || !('url' in source)) return [];
      return at(source.url, ['clusters', i, 'allocation', 'source', 'url']);
    }),
  ];
}

/** What secrets are called in queries. */
const SECRET = /token|key|secret|pass|auth|sign|credential/i;

const STANDARD_PORTS = new Map([
  ['http:', 80],
  ['https:', 443],
]);

function at(address: string, path: DeclaredEndpoint['path']): DeclaredEndpoint[] {
  const { protocol, hostname, port, username, password, searchParams } = new URL(address);
  if (protocol === 'file:') return [];
  return [
    {
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port) || (STANDARD_PORTS.get(protocol) ?? 0),
      ...(protocol === 'udp:' && { protocol: 'UDP' as const }),
      path,
      holdsSecret: username !== '' || password !== '' || [...searchParams.keys()].some((name) => SECRET.test(name)),
    },
  ];
}
