/** What Kueue's controller serves for one resource, and asks the API server to be called for. */
interface Served {
  readonly group: string;
  readonly version: string;
  /** Plural, as rules name it */
  readonly resources: readonly string[];
  /** Singular, as paths name it */
  readonly kind: string;
  readonly mutates: readonly ('CREATE' | 'UPDATE')[];
}

const kueue = { group: 'kueue.x-k8s.io', version: 'v1beta2' };
const CREATE = ['CREATE'] as const;
const WRITE = ['CREATE', 'UPDATE'] as const;

/** Those of its webhooks that concern our objects and what tenants submit. It serves each at a path of one form. */
const served: readonly Served[] = [
  { ...kueue, resources: ['clusterqueues'], kind: 'clusterqueue', mutates: CREATE },
  { ...kueue, resources: ['cohorts'], kind: 'cohort', mutates: [] },
  { ...kueue, resources: ['resourceflavors'], kind: 'resourceflavor', mutates: CREATE },
  { ...kueue, resources: ['workloads', 'workloads/status'], kind: 'workload', mutates: CREATE },
  { group: 'batch', version: 'v1', resources: ['jobs'], kind: 'job', mutates: CREATE },
  { group: '', version: 'v1', resources: ['pods'], kind: 'pod', mutates: CREATE },
  { group: 'apps', version: 'v1', resources: ['deployments'], kind: 'deployment', mutates: WRITE },
  { group: 'apps', version: 'v1', resources: ['statefulsets'], kind: 'statefulset', mutates: WRITE },
  { group: 'jobset.x-k8s.io', version: 'v1alpha2', resources: ['jobsets'], kind: 'jobset', mutates: CREATE },
];

/** Its own namespaces are none of its business, as in its manifests. */
const elsewhere = (namespace: string) => ({
  matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['kube-system', namespace] }],
});

/**
 * The registrations of a controller that listens at `url`, with the certificate that it shows there. Without them
 * ClusterQueues are not checked, jobs get no queue by themselves, and MultiKueue refuses what it should hand on.
 */
export function webhooks(url: string, certificate: string, namespace: string): object[] {
  const hook = (
    verb: 'mutate' | 'validate',
    one: Served,
    operations: readonly string[],
    resources: readonly string[] = one.resources,
  ) => ({
    name: `${verb[0]}${one.kind}.kb.io`,
    admissionReviewVersions: ['v1'],
    sideEffects: 'None',
    failurePolicy: 'Fail',
    clientConfig: {
      url: `${url}/${verb}-${one.group.replaceAll('.', '-')}-${one.version}-${one.kind}`,
      caBundle: Buffer.from(certificate).toString('base64'),
    },
    namespaceSelector: one.group === kueue.group ? {} : elsewhere(namespace),
    rules: [{ apiGroups: [one.group], apiVersions: [one.version], operations, resources }],
  });
  const configuration = (kind: string, name: string, hooks: readonly object[]) => ({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind,
    metadata: { name },
    webhooks: hooks,
  });
  return [
    configuration(
      'MutatingWebhookConfiguration',
      'kueue-mutating-webhook-configuration',
      served
        .filter(({ mutates }) => mutates.length > 0)
        .map((one) => hook('mutate', one, one.mutates, one.resources.slice(0, 1))),
    ),
    configuration(
      'ValidatingWebhookConfiguration',
      'kueue-validating-webhook-configuration',
      served.map((one) => hook('validate', one, WRITE)),
    ),
  ];
}
