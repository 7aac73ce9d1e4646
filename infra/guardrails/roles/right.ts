import type { Text } from '../../../model/text.ts';
import type { Cluster } from '../../cluster.ts';

/** One row of a role's table: what it may do, and why it needs that. */
export type Right = {
  readonly verbs: readonly string[];
  readonly why: Text;
  /** On which clusters. @default all */
  readonly where?: (cluster: Cluster) => boolean;
} & (OnResources | OnPaths);

interface OnResources {
  /** '' is the core group */
  readonly apiGroup: string;
  readonly resources: readonly string[];
}

/** What is no object: /metrics of a server that asks the API server who may read it. */
interface OnPaths {
  readonly nonResourceURLs: readonly string[];
}

export const READ = ['get', 'list', 'watch'] as const;
/** No deletecollection: it would take every object of a kind with one request, and kubectl never sends it. */
export const EDIT = [...READ, 'create', 'update', 'patch', 'delete'] as const;

export const withKueue = ({ cluster }: Cluster): boolean => cluster.kueue.enabled;
