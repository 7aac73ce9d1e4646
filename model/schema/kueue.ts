import { z } from 'zod';
import { duration, slug } from './common.ts';
import { expositionSource } from './sources.ts';

/** How Kueue runs on a cluster, and what of its set-up is ours. */
export const kueue = z.strictObject({
  /** Kueue admits the tenants' jobs, so every workload must name its queue */
  enabled: z.boolean().default(false),
  /** true: the ConfigMap of its controller is ours. Otherwise `render` writes the same as a file, for whoever installs Kueue */
  manage_config: z.boolean().default(false),
  /** Where its controller runs */
  namespace: slug.default('kueue-system'),
  /** true: every queue counts CPU and memory, by the pools' `per_chip`. false: the controller is told to leave them out */
  count_hosts: z.boolean().default(false),
  /** What a job needs besides its queue: added to it by an admission policy (Kubernetes 1.36 or newer), or demanded from its author */
  defaults: z.enum(['added', 'demanded']).default('added'),
  /** Of a manager: the clusters that it hands jobs to. Absent: every other cluster with Kueue */
  workers: z.array(slug).optional(),
  /** Of a worker: its manager's id, where that stands in another part of the declaration. A site's slice says so; leave it out */
  manager: slug.optional(),
  /** Of a worker: where its manager finds the kubeconfig. Absent: in the Secret <cluster>-kubeconfig of its namespace */
  kubeconfig: z.union([z.strictObject({ secret: slug }), z.strictObject({ file: z.string().regex(/^\//) })]).optional(),
  /** The controller's own metrics: what is queued, reserved and used */
  metrics: z.strictObject({ source: expositionSource, every: duration.default(30_000) }).optional(),
});
