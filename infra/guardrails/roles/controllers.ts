import type { Cluster } from '../../cluster.ts';
import type { On } from '../policies/policy.ts';
import { EDIT, type Right } from './right.ts';

/**
 * Kinds of job that controllers beside Kubernetes' own make pods of, by the namespaces that each project installs itself
 * into. Tenants get them where the estate lists one of these namespaces in the cluster's `controllers`, whose pods the
 * admission policies know; a kind that nobody lists is closed.
 */
const controllers: readonly {
  readonly namespaces: readonly string[];
  readonly project: string;
  readonly apiGroup: string;
  readonly resources: readonly string[];
}[] = [
  { project: 'JobSet', namespaces: ['jobset-system'], apiGroup: 'jobset.x-k8s.io', resources: ['jobsets'] },
  {
    project: 'LeaderWorkerSet',
    namespaces: ['lws-system'],
    apiGroup: 'leaderworkerset.x-k8s.io',
    resources: ['leaderworkersets'],
  },
  {
    project: 'Kubeflow Training Operator',
    namespaces: ['kubeflow'],
    apiGroup: 'kubeflow.org',
    resources: ['jaxjobs', 'mpijobs', 'paddlejobs', 'pytorchjobs', 'tfjobs', 'xgboostjobs'],
  },
  {
    // TrainingRuntime is left out: it holds the pod templates that its owner, the platform, stands for.
    project: 'Kubeflow Trainer',
    namespaces: ['kubeflow', 'kubeflow-system'],
    apiGroup: 'trainer.kubeflow.org',
    resources: ['trainjobs'],
  },
  { project: 'Volcano', namespaces: ['volcano-system'], apiGroup: 'batch.volcano.sh', resources: ['jobs'] },
  {
    project: 'KubeRay',
    namespaces: ['kuberay-system', 'ray-system'],
    apiGroup: 'ray.io',
    resources: ['rayclusters', 'rayjobs', 'rayservices'],
  },
];

type Controller = (typeof controllers)[number];
const declared = ({ namespaces }: Controller, { cluster }: Cluster): boolean =>
  namespaces.some((namespace) => cluster.controllers.includes(namespace));

/** The kinds of the cluster's declared controllers, for policies on what tenants submit. */
export const controllerKinds = (cluster: Cluster): On[] =>
  controllers
    .filter((one) => declared(one, cluster))
    .map(({ apiGroup: group, resources }) => ({
      group,
      versions: ['*'],
      resources,
      operations: ['CREATE', 'UPDATE'],
    }));

export const controllerRights: readonly Right[] = controllers.map((one) => ({
  apiGroup: one.apiGroup,
  resources: one.resources,
  verbs: EDIT,
  where: (cluster) => declared(one, cluster),
  why: { zh: `运行 ${one.project} 的任务`, en: `to run jobs of ${one.project}` },
}));
