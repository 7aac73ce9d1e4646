import type { Estate } from '../model/schema/estate.ts';
import type { Endpoint } from './network.ts';

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
      if (of !== site || source.protocol === 'calculated') return [];
      const path = ['meters', i, 'source'];
      return source.protocol === 'modbus-tcp'
        ? at(`tcp://${source.address}`, [...path, 'address'])
        : at(source.url, [...path, 'url']);
    }),
    ...pools.flatMap(({ cluster, telemetry }, i) =>
      telemetry && here.has(cluster) ? at(telemetry.source.url, ['pools', i, 'telemetry', 'source', 'url']) : [],
    ),
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
      path,
      holdsSecret: username !== '' || password !== '' || [...searchParams.keys()].some((name) => SECRET.test(name)),
    },
  ];
}
