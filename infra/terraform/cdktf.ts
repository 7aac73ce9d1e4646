/** The one place that names cdktf and its bindings: a move to the fork (cdktn) changes this file alone. */
export { App, Fn, TerraformStack, TerraformVariable } from 'cdktf';
export type { TerraformMetaArguments, TerraformResource } from 'cdktf';
export { ConfigMapV1 } from '@cdktf/provider-kubernetes/lib/config-map-v1/index.js';
export { DefaultServiceAccountV1 } from '@cdktf/provider-kubernetes/lib/default-service-account-v1/index.js';
export { LimitRangeV1 } from '@cdktf/provider-kubernetes/lib/limit-range-v1/index.js';
export { Manifest } from '@cdktf/provider-kubernetes/lib/manifest/index.js';
export { NamespaceV1 } from '@cdktf/provider-kubernetes/lib/namespace-v1/index.js';
export { NetworkPolicyV1 } from '@cdktf/provider-kubernetes/lib/network-policy-v1/index.js';
export { PersistentVolumeClaimV1 } from '@cdktf/provider-kubernetes/lib/persistent-volume-claim-v1/index.js';
export { KubernetesProvider } from '@cdktf/provider-kubernetes/lib/provider/index.js';
export { ResourceQuotaV1 } from '@cdktf/provider-kubernetes/lib/resource-quota-v1/index.js';
export { ServiceAccountV1 } from '@cdktf/provider-kubernetes/lib/service-account-v1/index.js';
export { ServiceV1 } from '@cdktf/provider-kubernetes/lib/service-v1/index.js';
export { StatefulSetV1 } from '@cdktf/provider-kubernetes/lib/stateful-set-v1/index.js';
export { StorageClassV1 } from '@cdktf/provider-kubernetes/lib/storage-class-v1/index.js';
