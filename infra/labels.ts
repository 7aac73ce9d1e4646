import type { Text } from '../model/text.ts';
import type { Cluster } from './cluster.ts';
import type { Labels, Metadata } from './kubernetes.ts';

const own = (entries: Readonly<Record<string, string>>): Labels =>
  Object.fromEntries(Object.entries(entries).map(([key, value]) => [`greenflops.io/${key}`, value]));

/** On everything that the house makes. */
const managed: Labels = { 'app.kubernetes.io/managed-by': 'greenflops' };

/** A name in both languages; labels take ASCII alone. */
export const names = (text: Text, key = 'name'): Labels => own({ [`${key}-zh`]: text.zh, [`${key}-en`]: text.en });

/** Metadata of an object inside a namespace, or of one that stands above them. */
export const named = (name: string, namespace?: string, annotations?: Labels): Metadata => ({
  name,
  ...(namespace !== undefined && { namespace }),
  labels: managed,
  ...(annotations && { annotations }),
});

/** From the strictest to the weakest. */
export const levels = ['restricted', 'baseline', 'privileged'] as const;
export type Level = (typeof levels)[number];

/**
 * The Pod Security Standards of this release decide; an API server that is older applies the newest that it knows. What
 * `restricted` would refuse is told (audit, warn) where a pool needs a weaker level.
 */
const POD_SECURITY_VERSION = 'v1.36';
const podSecurity = (enforce: Level): Labels =>
  Object.fromEntries(
    Object.entries({ enforce, audit: 'restricted', warn: 'restricted' }).flatMap(([mode, level]) => [
      [`pod-security.kubernetes.io/${mode}`, level],
      [`pod-security.kubernetes.io/${mode}-version`, POD_SECURITY_VERSION],
    ]),
  );

/** Metadata of a namespace: Pod Security, where it lies, whose it is, and the pools whose nodes its pods may use. */
export const namespaceMetadata = (
  name: string,
  { cluster, site }: Cluster,
  level: Level,
  owner: Readonly<Record<string, string>>,
  annotations: Labels,
  pools: readonly string[] = [],
): Metadata => ({
  name,
  labels: {
    ...managed,
    ...podSecurity(level),
    ...own({ ...owner, jurisdiction: cluster.jurisdiction, site: site.id }),
    // One label each, so that a policy asks for a pool by its key: a label's value holds one id.
    ...Object.fromEntries(pools.map((pool) => [`pool.greenflops.io/${pool}`, 'true'])),
  },
  annotations,
});
export { own as ownKeys };
