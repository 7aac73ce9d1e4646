import type { Cluster } from '../../cluster.ts';
import type { On } from '../policies/policy.ts';
import { EDIT, type Right } from './right.ts';

/** Templates of the roles that kinds of Kubeflow list by name. */
const replicas = (specs: string): string => {
  const of = `dyn(object).?spec.?${specs}.orValue({})`;
  return `${of}.map(role, ${of}[role].template)`;
};
const ray = (cluster: string): string =>
  `(${cluster}.?headGroupSpec.hasValue() ? [${cluster}.?headGroupSpec.orValue({}).template] : []) + ` +
  `${cluster}.?workerGroupSpecs.orValue([]).map(one, one.template)`;

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
  /** By what names Kueue's configuration calls its integrations of these kinds. None: Kueue counts their pods */
  readonly frameworks: readonly string[];
  /** CEL of the pod templates in an object of each kind, for what Kueue demands of them. Absent: the kind holds none */
  readonly templates: Readonly<Record<string, string>>;
}[] = [
  {
    project: 'JobSet',
    namespaces: ['jobset-system'],
    apiGroup: 'jobset.x-k8s.io',
    resources: ['jobsets'],
    frameworks: ['jobset.x-k8s.io/jobset'],
    templates: { JobSet: 'dyn(object).?spec.?replicatedJobs.orValue([]).map(one, one.template.spec.template)' },
  },
  {
    project: 'LeaderWorkerSet',
    namespaces: ['lws-system'],
    apiGroup: 'leaderworkerset.x-k8s.io',
    resources: ['leaderworkersets'],
    frameworks: ['leaderworkerset.x-k8s.io/leaderworkerset'],
    templates: {
      LeaderWorkerSet:
        "['leaderTemplate', 'workerTemplate'].filter(one, one in dyn(object).?spec.?leaderWorkerTemplate.orValue({}))" +
        '.map(one, dyn(object).spec.leaderWorkerTemplate[one])',
    },
  },
  {
    project: 'Kubeflow Training Operator',
    namespaces: ['kubeflow'],
    apiGroup: 'kubeflow.org',
    resources: ['jaxjobs', 'mpijobs', 'paddlejobs', 'pytorchjobs', 'tfjobs', 'xgboostjobs'],
    frameworks: ['jaxjob', 'mpijob', 'paddlejob', 'pytorchjob', 'tfjob', 'xgboostjob'].map(
      (one) => `kubeflow.org/${one}`,
    ),
    templates: {
      JAXJob: replicas('jaxReplicaSpecs'),
      MPIJob: replicas('mpiReplicaSpecs'),
      PaddleJob: replicas('paddleReplicaSpecs'),
      PyTorchJob: replicas('pytorchReplicaSpecs'),
      TFJob: replicas('tfReplicaSpecs'),
      XGBoostJob: replicas('xgbReplicaSpecs'),
    },
  },
  {
    // TrainingRuntime is left out: it holds the pod templates that its owner, the platform, stands for.
    project: 'Kubeflow Trainer',
    namespaces: ['kubeflow', 'kubeflow-system'],
    apiGroup: 'trainer.kubeflow.org',
    resources: ['trainjobs'],
    frameworks: ['trainer.kubeflow.org/trainjob'],
    templates: {},
  },
  {
    project: 'Volcano',
    namespaces: ['volcano-system'],
    apiGroup: 'batch.volcano.sh',
    resources: ['jobs'],
    frameworks: [],
    templates: {},
  },
  {
    project: 'KubeRay',
    namespaces: ['kuberay-system', 'ray-system'],
    apiGroup: 'ray.io',
    resources: ['rayclusters', 'rayjobs', 'rayservices'],
    frameworks: ['ray.io/raycluster', 'ray.io/rayjob', 'ray.io/rayservice'],
    templates: {
      RayCluster: ray('dyn(object).?spec'),
      RayJob: ray('dyn(object).?spec.?rayClusterSpec'),
      RayService: ray('dyn(object).?spec.?rayClusterConfig'),
    },
  },
];

type Controller = (typeof controllers)[number];
const declared = ({ namespaces }: Controller, { cluster }: Pick<Cluster, 'cluster'>): boolean =>
  namespaces.some((namespace) => cluster.controllers.includes(namespace));

/** The kinds of the cluster's declared controllers, for policies on what tenants submit. */
export const controllerKinds = (cluster: Pick<Cluster, 'cluster'>): On[] =>
  controllers
    .filter((one) => declared(one, cluster))
    .map(({ apiGroup: group, resources }) => ({
      group,
      versions: ['*'],
      resources,
      operations: ['CREATE', 'UPDATE'],
    }));

/** What Kueue's configuration calls the kinds of the cluster's declared controllers. */
export const controllerFrameworks = (cluster: Pick<Cluster, 'cluster'>): string[] =>
  controllers.filter((one) => declared(one, cluster)).flatMap(({ frameworks }) => frameworks);

/** CEL of the pod templates in an object, by the kinds of the cluster's declared controllers. */
export const controllerTemplates = (cluster: Cluster): (readonly [kind: string, templates: string])[] =>
  controllers.filter((one) => declared(one, cluster)).flatMap(({ templates }) => Object.entries(templates));

export const controllerRights: readonly Right[] = controllers.map((one) => ({
  apiGroup: one.apiGroup,
  resources: one.resources,
  verbs: EDIT,
  where: (cluster) => declared(one, cluster),
  why: { zh: `运行 ${one.project} 的任务`, en: `to run jobs of ${one.project}` },
}));
