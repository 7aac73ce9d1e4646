import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { fields, type Fields } from './fields.ts';

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}
export interface MeterEntry {
  readonly id: string;
  readonly site: string;
  readonly role: string;
  readonly direction: string;
  readonly parent: string | null;
  readonly rated_w: number;
  /** null: not a Modbus meter; the twin knows its energy but serves no device for it */
  readonly modbus: (Endpoint & { readonly unit: number }) | null;
}
export interface PoolEntry {
  readonly id: string;
  readonly site: string;
  readonly accelerator: string;
  readonly count: number;
  /** null: no exporter is declared for the pool, or it is a file */
  readonly exporter: (Endpoint & { readonly path: string; readonly url: string }) | null;
}
export interface TenantEntry {
  readonly id: string;
  readonly namespaces: readonly string[];
}
/** What the twin takes from the declaration: identities, the tree, ratings, counts and addresses. Nothing else. */
export interface Estate {
  readonly file: string;
  readonly sites: readonly string[];
  readonly meters: readonly MeterEntry[];
  readonly pools: readonly PoolEntry[];
  readonly tenants: readonly TenantEntry[];
}

/** The simulated devices have no password, so they may be reached from this machine only. */
function loopback(host: string, port: number, where: string): Endpoint {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  if (!/^(127\.\d+\.\d+\.\d+|::1|localhost)$/.test(bare))
    throw new Error(`${where}: the twin serves loopback only, found ${host}; use 127.0.0.1`);
  if (!Number.isInteger(port) || port < 1 || port > 65535)
    throw new Error(`${where}: expected a port from 1 to 65535, found ${port}`);
  return { host: bare === 'localhost' ? '127.0.0.1' : bare, port };
}

/** host:port as text. */
export const addressOf = ({ host, port }: Endpoint): string => `${host.includes(':') ? `[${host}]` : host}:${port}`;

/** Parses host:port. @throws Error when it is not on loopback or the port is 0 */
export function endpointOf(address: string, where: string): Endpoint {
  const colon = address.lastIndexOf(':');
  return loopback(address.slice(0, colon), Number(address.slice(colon + 1)), where);
}

/** A meter that is calculated from others is no device. */
const isDevice = (entry: Fields): boolean => entry.mapping('source')?.text('protocol') !== 'calculated';

function meterOf(entry: Fields): MeterEntry {
  const source = entry.mapping('source');
  const modbus = source?.text('protocol') === 'modbus-tcp' ? source : null;
  const rated_w = entry.number('rated_kw') * 1000;
  if (rated_w <= 0) throw new Error(`${entry.where}.rated_kw: expected a positive number, found ${rated_w / 1000}`);
  return {
    id: entry.text('id'),
    site: entry.text('site'),
    role: entry.text('role'),
    direction: entry.optionalText('direction') ?? 'import',
    parent: entry.optionalText('parent'),
    rated_w,
    modbus: modbus && {
      ...endpointOf(modbus.text('address'), `${modbus.where}.address`),
      unit: modbus.optionalNumber('unit') ?? 1,
    },
  };
}

function poolOf(entry: Fields, siteOf: ReadonlyMap<string, string>): PoolEntry {
  const site = siteOf.get(entry.text('cluster'));
  if (site === undefined) throw new Error(`${entry.where}.cluster: no cluster has the id ${entry.text('cluster')}`);
  const count = entry.number('count');
  if (!Number.isInteger(count) || count < 1)
    throw new Error(`${entry.where}.count: expected a whole number from 1, found ${count}`);
  const source = entry.mapping('telemetry')?.mapping('source');
  const url = source?.optionalText('url') ?? null;
  return {
    id: entry.text('id'),
    site,
    accelerator: entry.text('accelerator'),
    count,
    exporter: url?.startsWith('http') ? exporterOf(url, `${entry.where}.telemetry.source.url`) : null,
  };
}

function exporterOf(url: string, where: string) {
  if (!URL.canParse(url)) throw new Error(`${where}: expected a URL, found ${url}`);
  const { protocol, hostname, port, pathname } = new URL(url);
  if (protocol !== 'http:') throw new Error(`${where}: the twin speaks plain http, found ${url}`);
  return { ...loopback(hostname, Number(port || 80), where), path: pathname, url };
}

/** Reads `<plan>/estate.yaml`. @throws Error that names file, place and value */
export function readEstate(plan: string): Estate {
  const file = join(plan, 'estate.yaml');
  const root = fields(parse(readFileSync(file, 'utf8')), file);
  const siteOf = new Map(root.list('clusters').map((cluster) => [cluster.text('id'), cluster.text('site')]));
  const estate = {
    file,
    sites: root.list('sites').map((site) => site.text('id')),
    meters: root.list('meters').filter(isDevice).map(meterOf),
    pools: root.list('pools').map((pool) => poolOf(pool, siteOf)),
    tenants: root.list('tenants').map((tenant) => ({ id: tenant.text('id'), namespaces: tenant.texts('namespaces') })),
  };
  const devices = [
    ...estate.meters.flatMap(({ modbus }) => (modbus ? `${modbus.host}:${modbus.port} unit ${modbus.unit}` : [])),
    ...estate.pools.flatMap(({ exporter }) => exporter?.url ?? []),
  ];
  const twice = devices.find((device, index) => devices.indexOf(device) !== index);
  if (twice !== undefined) throw new Error(`${file}: two devices share the address ${twice}`);
  return estate;
}

/** The nearest IT meter upstream; none for the topmost ones, whose sum is a site's IT energy. */
export function itAbove({ parent }: MeterEntry, entries: readonly MeterEntry[]): MeterEntry | undefined {
  const upstream = entries.find(({ id }) => id === parent);
  return upstream === undefined || upstream.role === 'it' ? upstream : itAbove(upstream, entries);
}
