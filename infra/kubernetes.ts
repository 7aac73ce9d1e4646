/**
 * The Kubernetes objects that the stacks are made of, as the API takes them and as `render` prints them: only fields that
 * the house sets. Some stand at their default (immutable: false, optional: false …), because the provider's typed
 * resources state them: what Terraform and kubectl make is then equal to the field.
 */
export type Labels = Readonly<Record<string, string>>;

export interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly labels: Labels;
  readonly annotations?: Labels;
}

interface Base<V extends string, K extends string> {
  readonly apiVersion: V;
  readonly kind: K;
  readonly metadata: Metadata;
}

export type Namespace = Base<'v1', 'Namespace'>;

export interface ServiceAccount extends Base<'v1', 'ServiceAccount'> {
  readonly automountServiceAccountToken: boolean;
}

export interface ResourceQuota extends Base<'v1', 'ResourceQuota'> {
  readonly spec: { readonly hard: Labels };
}

export interface LimitRange extends Base<'v1', 'LimitRange'> {
  readonly spec: {
    readonly limits: readonly { readonly type: string; readonly default: Labels; readonly defaultRequest: Labels }[];
  };
}

export interface Selector {
  readonly matchLabels: Labels;
}
export interface Peer {
  readonly namespaceSelector?: Selector;
  readonly podSelector?: Selector;
  readonly ipBlock?: { readonly cidr: string };
}
export interface Port {
  readonly protocol: 'TCP' | 'UDP';
  readonly port: number;
}
/** Every port of a protocol */
export interface AnyPort {
  readonly protocol: 'TCP' | 'UDP';
  readonly port?: undefined;
}
export interface NetworkPolicy extends Base<'networking.k8s.io/v1', 'NetworkPolicy'> {
  readonly spec: {
    /** {} selects every pod of the namespace */
    readonly podSelector: Selector | Readonly<Record<string, never>>;
    readonly policyTypes: readonly ('Ingress' | 'Egress')[];
    readonly ingress?: readonly { readonly from: readonly Peer[]; readonly ports?: readonly (Port | AnyPort)[] }[];
    readonly egress?: readonly { readonly to: readonly Peer[]; readonly ports?: readonly (Port | AnyPort)[] }[];
  };
}

export interface StorageClass extends Base<'storage.k8s.io/v1', 'StorageClass'> {
  readonly provisioner: string;
  readonly reclaimPolicy: 'Retain';
  readonly volumeBindingMode: 'WaitForFirstConsumer';
  readonly allowVolumeExpansion: boolean;
}

export interface PersistentVolumeClaim extends Base<'v1', 'PersistentVolumeClaim'> {
  readonly spec: {
    readonly accessModes: readonly string[];
    readonly storageClassName: string;
    readonly resources: { readonly requests: Labels };
  };
}

export interface ConfigMap extends Base<'v1', 'ConfigMap'> {
  readonly immutable: boolean;
  readonly data: Labels;
}

export interface Service extends Base<'v1', 'Service'> {
  readonly spec: {
    readonly clusterIP: 'None';
    readonly selector: Labels;
    readonly ports: readonly { readonly name: string; readonly port: number; readonly targetPort: string }[];
  };
}

export interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string; readonly scheme: 'HTTP' | 'HTTPS' };
  readonly periodSeconds: number;
  readonly timeoutSeconds: number;
  readonly failureThreshold: number;
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly args: readonly string[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly resources: { readonly requests: Labels; readonly limits: Labels };
  readonly securityContext: {
    readonly runAsNonRoot: boolean;
    readonly privileged: boolean;
    readonly allowPrivilegeEscalation: boolean;
    readonly readOnlyRootFilesystem: boolean;
    readonly capabilities: { readonly drop: readonly string[] };
  };
  readonly startupProbe: Probe;
  readonly livenessProbe: Probe;
  readonly readinessProbe: Probe;
  readonly volumeMounts: readonly {
    readonly name: string;
    readonly mountPath: string;
    readonly readOnly?: true;
    readonly mountPropagation: 'None';
  }[];
}

export interface Volume {
  readonly name: string;
  readonly configMap?: { readonly name: string; readonly optional: boolean };
  readonly secret?: { readonly secretName: string; readonly defaultMode: number; readonly optional: boolean };
  readonly emptyDir?: { readonly medium: 'Memory'; readonly sizeLimit: string };
  readonly persistentVolumeClaim?: { readonly claimName: string };
  readonly projected?: { readonly defaultMode: number; readonly sources: readonly ProjectedFiles[] };
}
/** One source of a projected volume. */
export interface ProjectedFiles {
  readonly serviceAccountToken?: { readonly path: string; readonly expirationSeconds: number };
  readonly configMap?: {
    readonly name: string;
    readonly optional: boolean;
    readonly items: readonly { readonly key: string; readonly path: string }[];
  };
  readonly downwardAPI?: {
    readonly items: readonly {
      readonly path: string;
      readonly fieldRef: { readonly apiVersion: 'v1'; readonly fieldPath: string };
    }[];
  };
}

export interface StatefulSet extends Base<'apps/v1', 'StatefulSet'> {
  readonly spec: {
    readonly serviceName: string;
    readonly replicas: number;
    readonly revisionHistoryLimit: number;
    readonly selector: Selector;
    readonly template: {
      readonly metadata: { readonly labels: Labels; readonly annotations: Labels };
      readonly spec: {
        readonly serviceAccountName: string;
        readonly automountServiceAccountToken: boolean;
        readonly enableServiceLinks: boolean;
        readonly shareProcessNamespace: boolean;
        readonly terminationGracePeriodSeconds: number;
        readonly securityContext: {
          readonly runAsNonRoot: boolean;
          readonly runAsUser: number;
          readonly runAsGroup: number;
          readonly fsGroup: number;
          readonly fsGroupChangePolicy: 'OnRootMismatch';
          readonly seccompProfile: { readonly type: 'RuntimeDefault' };
        };
        readonly containers: readonly Container[];
        readonly volumes: readonly Volume[];
      };
    };
  };
}

/** On kinds of objects, or on paths of the API server and of servers that ask it (/metrics). */
export interface PolicyRule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
  readonly verbs: readonly string[];
}
export interface ClusterRole extends Base<'rbac.authorization.k8s.io/v1', 'ClusterRole'> {
  readonly rules: readonly PolicyRule[];
}

export interface RoleRef {
  readonly apiGroup: 'rbac.authorization.k8s.io';
  readonly kind: 'ClusterRole';
  readonly name: string;
}
export type Subject =
  | { readonly kind: 'Group'; readonly name: string; readonly apiGroup: 'rbac.authorization.k8s.io' }
  | { readonly kind: 'ServiceAccount'; readonly name: string; readonly namespace: string };
export interface RoleBinding extends Base<'rbac.authorization.k8s.io/v1', 'RoleBinding'> {
  readonly roleRef: RoleRef;
  readonly subjects: readonly Subject[];
}
export interface ClusterRoleBinding extends Base<'rbac.authorization.k8s.io/v1', 'ClusterRoleBinding'> {
  readonly roleRef: RoleRef;
  readonly subjects: readonly Subject[];
}

export interface PriorityClass extends Base<'scheduling.k8s.io/v1', 'PriorityClass'> {
  readonly value: number;
  readonly description: string;
  readonly globalDefault: boolean;
  readonly preemptionPolicy: 'PreemptLowerPriority' | 'Never';
}

export interface PodDisruptionBudget extends Base<'policy/v1', 'PodDisruptionBudget'> {
  /** A whole number of pods: the one form that holds for pods of any owner, jobs' among them */
  readonly spec: { readonly minAvailable: number; readonly selector: Selector };
}

/**
 * Labels of a node that somebody else brought: the metadata hold our labels alone, written as `fieldManager`. Never
 * created, never deleted: what is not a node is refused, and a destroy takes the labels off.
 */
export interface NodeLabels extends Base<'v1', 'Node'> {
  readonly fieldManager: string;
  /** true: taken from whoever wrote it before, which was the same pool under its former id */
  readonly takesOver: boolean;
}

/** A kind that provider 2.38.0 has no typed resource for: kubernetes_manifest takes it as it is. */
export interface CustomObject extends Base<string, string> {
  readonly spec?: unknown;
}

export type TypedObject =
  | Namespace
  | ServiceAccount
  | ResourceQuota
  | LimitRange
  | NetworkPolicy
  | StorageClass
  | PersistentVolumeClaim
  | ConfigMap
  | Service
  | StatefulSet
  | ClusterRole
  | RoleBinding
  | ClusterRoleBinding
  | PriorityClass
  | PodDisruptionBudget
  | NodeLabels;
export type KubernetesObject = TypedObject | CustomObject;
