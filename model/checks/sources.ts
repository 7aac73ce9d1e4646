import { fault, type Fault } from '../fault.ts';
import type { Pool } from '../schema/estate.ts';
import type { SnmpSource } from '../schema/sources.ts';
import type { Check } from './check.ts';
import { eachMeter } from './meters.ts';

/** A secret is given once, and a protection has its password. */
export const snmpSecrets = eachMeter(({ source }) => {
  if (source.protocol !== 'snmp') return [];
  return snmpFaults(source).map(([key, detail]) => fault(['source', key], 'use', 'snmp_secret', { detail }));
});

function snmpFaults(source: SnmpSource): [string, string][] {
  if (source.version !== '3') {
    const { community, community_file: file } = source;
    return (community === undefined) === (file === undefined) ? [['community', 'community | community_file']] : [];
  }
  const { auth, auth_password_file: password, privacy, privacy_password_file: secret } = source;
  return [
    ...((auth === undefined) === (password === undefined)
      ? []
      : [['auth', 'auth, auth_password_file'] as [string, string]]),
    ...((privacy === undefined) === (secret === undefined)
      ? []
      : [['privacy', 'privacy, privacy_password_file'] as [string, string]]),
    ...(privacy !== undefined && auth === undefined ? [['privacy', 'auth, privacy'] as [string, string]] : []),
  ];
}

const eachPool =
  (rule: (pool: Pool) => Fault[]): Check =>
  ({ data }) =>
    (data.estate?.pools ?? []).flatMap((pool, index) =>
      rule(pool).map((found) => ({ file: 'estate', fault: { ...found, path: ['pools', index, ...found.path] } })),
    );

/** An exposition source of a pool is one text or one a node, and nodes that have one each are named. */
export const poolUrls = eachPool(({ telemetry, nodes }) => {
  const source = telemetry?.source;
  if (source?.protocol !== 'exposition') return [];
  const path = ['telemetry', 'source'];
  if ((source.url === undefined) === (source.url_per_node === undefined)) return [fault(path, 'use', 'pool_url', {})];
  return source.url_per_node !== undefined && !('names' in nodes)
    ? [fault([...path, 'url_per_node'], 'use', 'nodes_unnamed', {})]
    : [];
});
