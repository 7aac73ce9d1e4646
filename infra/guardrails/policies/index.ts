import type { Cluster } from '../../cluster.ts';
import type { KubernetesObject } from '../../kubernetes.ts';
import { bindings } from './bindings.ts';
import { claimSources } from './claim-sources.ts';
import { clearance } from './clearance.ts';
import { dataClassLabels } from './data-class-labels.ts';
import { dataClass } from './data-class.ts';
import { datasets } from './datasets.ts';
import { deviceClasses } from './device-classes.ts';
import { dispatched } from './dispatched.ts';
import { endpoints } from './endpoints.ts';
import { ephemeralContainers } from './ephemeral-containers.ts';
import { extendedResources } from './extended-resources.ts';
import { images } from './images.ts';
import { jurisdiction } from './jurisdiction.ts';
import { jobsOnly } from './jobs-only.ts';
import { kueueKeys } from './kueue-keys.ts';
import { namespaces } from './namespaces.ts';
import { neighbours } from './neighbours.ts';
import { nodeBinding } from './node-binding.ts';
import { oneModel } from './one-model.ts';
import { policyObjects, type PolicyOf } from './policy.ts';
import { priority } from './priority.ts';
import { queue } from './queue.ts';
import { queueDefaults } from './queue-defaults.ts';
import { queuePriority } from './queue-priority.ts';
import { services } from './services.ts';
import { sharedChips } from './shared-chips.ts';
import { tokens } from './tokens.ts';
import { tolerations } from './tolerations.ts';
import { volumes } from './volumes.ts';

/** The one list in which a policy is registered. */
const list: readonly PolicyOf[] = [
  namespaces,
  dataClass,
  dataClassLabels,
  jurisdiction,
  datasets,
  claimSources,
  volumes,
  images,
  queue,
  queueDefaults,
  queuePriority,
  kueueKeys,
  oneModel,
  dispatched,
  jobsOnly,
  nodeBinding,
  bindings,
  tolerations,
  neighbours,
  priority,
  tokens,
  services,
  endpoints,
  clearance,
  ephemeralContainers,
  extendedResources,
  sharedChips,
  deviceClasses,
];

/** A cluster's ValidatingAdmissionPolicies, each with its binding. */
export const policies = (cluster: Cluster): KubernetesObject[] =>
  list.flatMap((policyOf) => {
    const policy = policyOf(cluster);
    return policy ? policyObjects(policy) : [];
  });
