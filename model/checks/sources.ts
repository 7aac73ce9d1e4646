import { isDeepStrictEqual } from 'node:util';
import { fault, type Fault } from '../fault.ts';
import type { Pool } from '../schema/estate.ts';
import type { FileDropSource, SnmpSource } from '../schema/sources.ts';
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

/** What cannot work, and would be found out only at the first read. */
export const httpAccess = eachMeter(({ source }) => {
  if (!('url' in source)) return [];
  const { auth, tls, url } = source;
  const faults: Fault[] = [];
  if (source.protocol === 'redfish' && source.session && !(auth && 'username' in auth))
    faults.push(fault(['source', 'session'], 'use', 'session_password', {}));
  if (tls && !url.startsWith('https:')) faults.push(fault(['source', 'tls'], 'key', 'tls_without_https', {}));
  if (tls && (tls.cert_file === undefined) !== (tls.key_file === undefined))
    faults.push(fault(['source', 'tls'], 'use', 'certificate_key', {}));
  return faults;
});

const how = (source: FileDropSource): unknown => ({ ...source, meter: undefined });

/** Meters whose figures stand in the files of one folder agree on how those are read. */
export const folders: Check = ({ data }) => {
  const meters = data.estate?.meters ?? [];
  return meters.flatMap(({ source }, index) => {
    if (source.protocol !== 'file-drop') return [];
    const first = meters.find(
      (other) => other.source.protocol === 'file-drop' && other.source.folder === source.folder,
    );
    if (first?.source.protocol !== 'file-drop' || isDeepStrictEqual(how(first.source), how(source))) return [];
    const path = ['meters', index, 'source'];
    return [{ file: 'estate', fault: fault(path, 'use', 'folder_differs', { other: first.id }) }];
  });
};

/** The cluster's API and the exporters' texts are read in different ways. */
export const allocationFamilies: Check = ({ data }) =>
  (data.estate?.clusters ?? []).flatMap(({ allocation }, index) => {
    if (!allocation || (allocation.family === 'kubernetes') === (allocation.source.protocol === 'kubernetes'))
      return [];
    const path = ['clusters', index, 'allocation', 'family'];
    return [{ file: 'estate', fault: fault(path, 'use', 'allocation_family', {}) }];
  });

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
