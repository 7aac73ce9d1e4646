import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { declaredStacks, type DeclaredStack } from '../../../infra/declared.ts';
import type { ConfigMap } from '../../../infra/kubernetes.ts';
import { configurationYaml } from '../../../infra/queues/config/files.ts';
import { writeKueueFiles, writeYaml } from '../../../infra/yaml.ts';
import { planFolder } from '../../plan-folder.ts';
import { replaced } from '../estates.ts';

const province = readFileSync('docs/scheduling/estate.yaml', 'utf8');
const proving = readFileSync('test/cluster/proving/estate.yaml', 'utf8');

function stacksOf(estate: string): DeclaredStack[] {
  const { dir, remove } = planFolder(estate);
  try {
    return declaredStacks(dir);
  } finally {
    remove();
  }
}
const of = (estate: string, cluster: string) => stacksOf(estate).find(({ view }) => view.cluster.id === cluster)?.view;

interface Configuration {
  readonly namespace: string;
  readonly integrations: { readonly frameworks: readonly string[] };
  readonly featureGates: Readonly<Record<string, boolean>>;
  readonly multiKueue?: object;
  readonly resources: {
    readonly excludeResourcePrefixes: readonly string[];
    readonly transformations: readonly { readonly input: string }[];
    readonly deviceClassMappings?: readonly object[];
  };
}
function configurationOf(estate: string, cluster: string): Configuration {
  const view = of(estate, cluster);
  if (!view) throw new Error(`no cluster ${cluster}`);
  return parse(configurationYaml(view)) as Configuration;
}

test('the configuration of a worker, whole', () => {
  const view = of(province, 'nc-a');
  expect(view && configurationYaml(view))
    .toBe(`# Kueue (0.19 or newer) of cluster nc-a, made from the declaration. Its controller reads this when it starts.
apiVersion: config.kueue.x-k8s.io/v1beta2
kind: Configuration
namespace: kueue-system
health:
  healthProbeBindAddress: :8081
metrics:
  bindAddress: :8443
  enableClusterQueueResources: true
webhook:
  port: 9443
leaderElection:
  leaderElect: true
  resourceName: c1f6bfd2.kueue.x-k8s.io
controller:
  groupKindConcurrency:
    Job.batch: 5
    Pod: 5
    Workload.kueue.x-k8s.io: 10
    LocalQueue.kueue.x-k8s.io: 5
    Cohort.kueue.x-k8s.io: 1
    ClusterQueue.kueue.x-k8s.io: 5
    ResourceFlavor.kueue.x-k8s.io: 1
clientConnection:
  qps: 300
  burst: 500
manageJobsWithoutQueueName: false
managedJobsNamespaceSelector:
  matchExpressions:
    - key: greenflops.io/tenant
      operator: Exists
integrations:
  frameworks:
    - batch/job
    - pod
    - deployment
    - statefulset
featureGates:
  UnadmittedWorkloadsExplicitStatus: true
resources:
  quotaCheckStrategy: BlockUndeclared
  excludeResourcePrefixes:
    - cpu
    - memory
    - ephemeral-storage
    - hugepages-
  transformations:
    - input: huawei.com/Ascend910B3
      strategy: Retain
      outputs:
        greenflops.io/gflops-fp16: "313000"
    - input: nvidia.com/gpu
      strategy: Retain
      outputs:
        greenflops.io/gflops-fp16: "312000"
`);
});

describe('what the declaration says is what the configuration has', () => {
  test('a manager counts the chips of its workers, and marks what it hands out', () => {
    const manager = configurationOf(province, 'jx-m');
    expect(manager.resources.transformations.map(({ input }) => input)).toEqual(
      ['nc-a', 'py-a']
        .flatMap((id) => configurationOf(province, id).resources.transformations.map(({ input }) => input))
        .toSorted(),
    );
    expect(manager.multiKueue).toEqual({ origin: 'jx-m', gcInterval: '1m', workerLostTimeout: '15m' });
    expect(configurationOf(province, 'nc-a').multiKueue).toBeUndefined();
  });

  test('a manager knows jobs and the kinds of its declared controllers alone: it runs no pod', () => {
    const kinds = (estate: string) => configurationOf(estate, 'jx-m').integrations.frameworks;
    expect(kinds(province)).toEqual(['batch/job']);
    const more = province.replace('    role: manager\n', '    role: manager\n    controllers: [jobset-system]\n');
    expect(more).not.toBe(province);
    const everywhere = more.replaceAll(/^( {4}context: (?:nc-a|py-a)\n)/gm, '$1    controllers: [jobset-system]\n');
    expect(kinds(everywhere)).toEqual(['batch/job', 'jobset.x-k8s.io/jobset']);
  });

  test('a manager leaves out what any of its workers leaves open', () => {
    const open = province.replace('context: py-a\n', 'context: py-a\n    resources: [rdma/hca]\n');
    expect(open).not.toBe(province);
    for (const id of ['py-a', 'jx-m'])
      expect(configurationOf(open, id).resources.excludeResourcePrefixes).toContain('rdma/hca');
    expect(configurationOf(open, 'nc-a').resources.excludeResourcePrefixes).not.toContain('rdma/hca');
  });

  test('claims by the class of their pool, kinds of declared controllers, network cards', () => {
    const { integrations, featureGates, resources } = configurationOf(proving, 'prove');
    expect(resources.deviceClassMappings).toEqual([
      { name: 'claims.greenflops.io/p-dra', deviceClassNames: ['p-dra'] },
    ]);
    expect(featureGates).toEqual({ UnadmittedWorkloadsExplicitStatus: true, KueueDRAIntegration: true });
    expect(integrations.frameworks).toEqual([
      'batch/job',
      'pod',
      'deployment',
      'statefulset',
      'jobset.x-k8s.io/jobset',
    ]);
    expect(resources.excludeResourcePrefixes).toEqual(['cpu', 'memory', 'ephemeral-storage', 'hugepages-', 'rdma/hca']);
  });

  test('the namespace of its controller', () => {
    const elsewhere = replaced('kueue: { enabled: true', 'kueue: { namespace: queues, enabled: true')(proving);
    expect(configurationOf(elsewhere, 'prove').namespace).toBe('queues');
  });
});

test('the ConfigMap is made where the estate says that it is ours, and says that the controller must be restarted', () => {
  const maps = stacksOf(province).flatMap(({ view, objects }) =>
    objects
      .filter(({ kind, metadata: { name } }) => kind === 'ConfigMap' && name === 'kueue-manager-config')
      .map((object) => ({ view, object: object as ConfigMap })),
  );
  expect(maps.map(({ view }) => view.cluster.id)).toEqual(['nc-a', 'py-a', 'jx-m']);
  for (const { view, object } of maps) {
    expect(object.metadata.namespace).toBe('kueue-system');
    expect(object.data).toEqual({ 'controller_manager_config.yaml': configurationYaml(view) });
    expect(object.metadata.annotations?.['greenflops.io/restart-zh']).toContain('重启');
    expect(object.metadata.annotations?.['greenflops.io/restart-en']).toContain('restart');
  }
  const others = stacksOf(proving).flatMap(({ objects }) => objects);
  expect(others.filter(({ metadata }) => metadata.name === 'kueue-manager-config')).toEqual([]);
});

test('render writes the files beside the objects, where kubectl apply does not look, and takes them away again', () => {
  const out = mkdtempSync(join(tmpdir(), 'greenflops-kueue-'));
  try {
    const declared = stacksOf(proving);
    writeYaml(declared, out);
    const paths = writeKueueFiles(declared, out);
    expect(paths).toEqual(
      ['controller_manager_config.yaml', 'values.yaml'].map((name) => join(out, 'prove', 'kueue', name)),
    );
    expect(readdirSync(join(out, 'prove')).filter((name) => !/^\d\d-/.test(name))).toEqual(['kueue']);
    const [configuration, values] = paths.map((path) => parse(readFileSync(path, 'utf8')) as Record<string, unknown>);
    const { controllerManager, managerConfig } = values as {
      controllerManager: unknown;
      managerConfig: { controllerManagerConfigYaml: string };
    };
    expect(parse(managerConfig.controllerManagerConfigYaml)).toEqual(configuration);
    expect(controllerManager).toEqual({ featureGates: [] }); // by flag as well, and the controller would not start
    const without = stacksOf(replaced('kueue: { enabled: true', 'kueue: { enabled: false')(proving));
    writeYaml(without, out);
    expect(writeKueueFiles(without, out)).toEqual([]);
    expect(readdirSync(join(out, 'prove', 'kueue'))).toEqual([]);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
});
