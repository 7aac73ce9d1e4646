import type { Estate } from '../model/schema/estate.ts';
import { siteSources, type SiteSource } from './telemetry/site-sources.ts';
import type { Endpoint } from './telemetry/network.ts';

/** A device that a site's exporter reads over the network, and where the estate says so. */
export interface DeclaredEndpoint extends Endpoint {
  readonly path: readonly (string | number)[];
  /** True where the address holds a user, a password or a token, which would lie open in a ConfigMap */
  readonly holdsSecret: boolean;
}

/**
 * What a site's exporter reads over the network, in the order of the estate. Calculated meters need none. The site's own
 * Prometheus is not among them: a province's exporter asks it, which no stack deploys.
 */
export function endpoints(estate: Estate, site: string): DeclaredEndpoint[] {
  return siteSources(estate, site).flatMap((one) => ofSource(estate, one));
}

function ofSource(estate: Estate, { path, source, cluster }: SiteSource): DeclaredEndpoint[] {
  if (source.protocol === 'kubernetes') {
    const i = estate.clusters.findIndex((other) => other === cluster);
    return (cluster?.api_server ?? []).flatMap((address, j) =>
      at(`tcp://${address}`, ['clusters', i, 'api_server', j]),
    );
  }
  if ('address' in source) {
    const transport = source.protocol === 'snmp' ? 'udp' : 'tcp';
    return at(`${transport}://${source.address}`, [...path, 'address']);
  }
  return 'url' in source ? at(source.url, [...path, urlKey(estate, path)]) : [];
}

/** A pool's address may be made from a pattern: the finding points to what is written. */
function urlKey({ pools }: Estate, [list, index]: SiteSource['path']): string {
  const source = list === 'pools' ? pools[Number(index)]?.telemetry?.source : undefined;
  return source && source.url === undefined ? 'url_per_node' : 'url';
}

/** What secrets are called in queries. */
const SECRET = /token|key|secret|pass|auth|sign|credential/i;

const STANDARD_PORTS = new Map([
  ['http:', 80],
  ['https:', 443],
]);

function at(address: string, path: DeclaredEndpoint['path']): DeclaredEndpoint[] {
  const { protocol, hostname, port, username, password, searchParams } = new URL(address);
  if (protocol === 'file:') return []; // source-files.ts
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
