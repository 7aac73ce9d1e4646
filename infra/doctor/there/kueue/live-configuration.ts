import { parse } from 'yaml';
import { CONFIG_FILE } from '../../../queues/config/files.ts';
import type { Item, There } from '../../context.ts';
import type { LabelSelector } from './live.ts';

export interface Transforming {
  readonly input: string;
  readonly strategy?: string;
  readonly outputs?: Readonly<Record<string, string | number>>;
}

/** Kueue's own configuration (config.kueue.x-k8s.io/v1beta2), as far as quotas hang on it. */
export interface Configuration {
  readonly managedJobsNamespaceSelector?: LabelSelector;
  readonly leaderElection?: { readonly leaderElect?: boolean };
  readonly integrations?: { readonly frameworks?: readonly string[] };
  readonly metrics?: { readonly enableClusterQueueResources?: boolean };
  readonly featureGates?: Readonly<Record<string, boolean>>;
  readonly resources?: {
    readonly quotaCheckStrategy?: string;
    readonly excludeResourcePrefixes?: readonly string[];
    readonly transformations?: readonly Transforming[];
    readonly deviceClassMappings?: readonly { readonly name: string; readonly deviceClassNames: readonly string[] }[];
  };
}

/** By Kueue's manifests, and by its Helm chart where the release is called kueue. */
export const CONFIG_MAP = 'kueue-manager-config';

interface ManagedFields {
  readonly time?: string;
  readonly fieldsV1?: Readonly<Record<string, unknown>>;
}

interface LiveConfigMap extends Item {
  readonly metadata: Item['metadata'] & { readonly managedFields?: readonly ManagedFields[] };
  readonly data?: Readonly<Record<string, string>>;
}

export interface Found {
  /** undefined: the ConfigMap has no such key, or its text is no configuration */
  readonly configuration: Configuration | undefined;
  /** When whoever wrote its data last wrote to it, ms since 1970 */
  readonly written: number;
}

/** The configuration that Kueue's controller is started with; undefined where its ConfigMap is not there. */
export async function liveConfiguration(reader: There['reader'], namespace: string): Promise<Found | undefined> {
  const [found] = await reader.items<LiveConfigMap>('configmap', CONFIG_MAP, '-n', namespace, '--show-managed-fields');
  if (!found) return undefined;
  const { creationTimestamp, managedFields = [] } = found.metadata;
  const writers = managedFields.filter(({ fieldsV1 = {} }) => 'f:data' in fieldsV1);
  const times = [creationTimestamp, ...writers.flatMap(({ time }) => time ?? [])].map(Date.parse);
  return { configuration: configurationOf(found.data?.[CONFIG_FILE]), written: Math.max(...times) };
}

function configurationOf(text: string | undefined): Configuration | undefined {
  try {
    const parsed: unknown = parse(text ?? '');
    return typeof parsed === 'object' && parsed !== null ? parsed : undefined;
  } catch {
    return undefined; // what is wrong with it the controller's log says with its line
  }
}
