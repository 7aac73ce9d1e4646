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

export const controllerRights: readonly Right[] = controllers.map(({ project, namespaces, apiGroup, resources }) => ({
  apiGroup,
  resources,
  verbs: EDIT,
  where: ({ cluster }) => namespaces.some((namespace) => cluster.controllers.includes(namespace)),
  why: { zh: `运行 ${project} 的任务`, en: `to run jobs of ${project}` },
}));
