import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { clusters } from '../../infra/cluster.ts';
import { declaredStacks } from '../../infra/declared.ts';
import { objectsOf, placeIn, Reader, type Declared, type There } from '../../infra/doctor/context.ts';
import { apis } from '../../infra/doctor/there/apis.ts';
import { configuration } from '../../infra/doctor/there/kueue/configuration.ts';
import { controller } from '../../infra/doctor/there/kueue/controller.ts';
import { dispatched } from '../../infra/doctor/there/kueue/dispatched.ts';
import { enforced } from '../../infra/doctor/there/kueue/enforced.ts';
import { there } from '../../infra/doctor/there/index.ts';
import { queues } from '../../infra/doctor/there/kueue/queues.ts';
import { waiting } from '../../infra/doctor/there/kueue/waiting.ts';
import { workers } from '../../infra/doctor/there/kueue/workers.ts';
import { configurationYaml } from '../../infra/queues/config/files.ts';
import type { Outcome } from '../../model/checkup.ts';
import { loadPlan } from '../../model/load.ts';
import { siteSlices } from '../../model/site-slice.ts';
import { planFolder } from '../plan-folder.ts';

const { dir, remove } = planFolder(readFileSync('test/cluster/doctor/estate.yaml', 'utf8'));
afterAll(remove);
const plan = loadPlan(dir);
const stacks = declaredStacks(dir);
const views = clusters(plan, siteSlices(dir));
const NOW = Date.parse('2026-11-30T12:00:00Z');
const OLD = '2026-11-30T11:00:00Z';

type Answers = Readonly<Record<string, unknown>>;

/** kubectl as a table has it: what is asked for a resource, or all of a question, and what comes back. Without a row: an empty list. */
class Told extends Reader {
  readonly #answers: Answers;
  constructor(answers: Answers) {
    super('told');
    this.#answers = answers;
  }
  override async run(args: readonly string[]) {
    const key = [args.join(' '), args[1] ?? ''].find((one) => one in this.#answers);
    const answer = key === undefined ? { items: [] } : this.#answers[key];
    if (answer instanceof Error) return { code: 1, stdout: '', stderr: answer.message };
    return { code: 0, stdout: typeof answer === 'string' ? answer : JSON.stringify(answer), stderr: '' };
  }
}

function declared(id: string, answers: Answers): Declared {
  const view = views.find(({ cluster }) => cluster.id === id);
  if (!view) throw new Error(`no cluster ${id}`);
  return { view, objects: objectsOf(stacks, id), reader: new Told(answers) };
}
const at = (id: string, answers: Answers, others: readonly Declared[] = []): There => ({
  ...declared(id, answers),
  plan,
  environment: {},
  outdir: 'cdktf.out',
  where: placeIn(dir),
  reachesRegistry: async () => false,
  estate: others,
  now: () => NOW,
  seen: new Map(),
});

const english = (outcome: Outcome): string =>
  outcome.ok?.en ??
  outcome.troubles?.map(({ where, what, todo }) => `${where ?? ''}|${what.en}|${todo.en}`).join('\n') ??
  ('unknown' in outcome ? `?${outcome.unknown.en}` : '');

const named = (name: string, namespace?: string) => ({ name, namespace, uid: name, creationTimestamp: OLD });
const list = (...items: readonly object[]) => ({ items });

const deployment = (image: string, namespace = 'kueue-system', args: readonly string[] = [], replicas = 1) => ({
  metadata: named('kueue-controller-manager', namespace),
  spec: {
    replicas,
    selector: { matchLabels: { app: 'kueue' } },
    template: { spec: { containers: [{ image, args }] } },
  },
  status: { readyReplicas: 1 },
});

test('checks of Kueue are asked where it is switched on, and those of a manager of a manager', () => {
  const names = (id: string, enabled = true) => {
    const { cluster } = declared(id, {}).view;
    return there({ ...cluster, kueue: { ...cluster.kueue, enabled } }).map(({ name }) => name.en);
  };
  expect(names('ward')).toContain("manager's account");
  expect(names('ward')).not.toContain('way from manager to workers');
  expect(names('warden')).toContain('way from manager to workers');
  expect(names('ward')).toContain('nodes of the pools');
  expect(names('warden')).not.toContain('nodes of the pools'); // no job runs there
  expect(names('ward', false)).not.toContain("Kueue's controller");
});

describe("Kueue's controller", () => {
  const said = async (...deployments: readonly object[]) =>
    english(await controller.run(at('ward', { deployments: list(...deployments) })));

  test('what is not to be seen is not passed', async () => {
    expect(await said()).toMatch(/^\?no Deployment of Kueue's controller is to be seen/);
    expect(await said(deployment('registry.example/kueue@sha256:12'))).toMatch(
      /^\?it runs, and image registry\.example\/kueue@sha256:12 tells no version/,
    );
    expect(await said(deployment('registry.example:5000/kueue:main'))).toMatch(/^\?.*tells no version/);
  });

  test.each([
    ['registry.k8s.io/kueue/kueue:v0.19.2', 'kueue-system/kueue-controller-manager 0.19.2'],
    ['registry.example:5000/kueue:0.20.0@sha256:12', 'kueue-system/kueue-controller-manager 0.20.0'],
    ['registry.example/kueue:v1.0.0-rc.1', 'kueue-system/kueue-controller-manager 1.0.0'],
  ])('%s is new enough', async (image, says) => expect(await said(deployment(image))).toBe(says));

  test.each(['v0.19.1', 'v0.18.9', '0.9.3'])('%s is too old', async (version) =>
    expect(await said(deployment(`r.example/kueue:${version}`))).toMatch(/is too old: 0\.19\.2 or newer is needed/),
  );

  test('one in another namespace than the declared', async () =>
    expect(await said(deployment('r.example/kueue:v0.19.2', 'jobs'))).toMatch(
      /:\d+:\d+\|Kueue's controller is in namespace jobs, and the declaration says kueue-system\|correct clusters/,
    ));
});

describe("Kueue's configuration", () => {
  const said = async (text: string | undefined, args: readonly string[] = [], replicas = 1) => {
    const data = { 'controller_manager_config.yaml': text };
    const ward = at('ward', {
      deployments: list(deployment('r.example/kueue:v0.19.2', 'kueue-system', args, replicas)),
      configmap: text === undefined ? '' : { metadata: named('kueue-manager-config', 'kueue-system'), data },
    });
    return english(await configuration.run(ward));
  };
  const right = configurationYaml(declared('ward', {}).view);

  test('as generated; unreadable; not there', async () => {
    expect(await said(right)).toBe('3 coefficients as declared');
    expect(await said(undefined)).toMatch(/^\?there is no ConfigMap kueue-system\/kueue-manager-config/);
    for (const text of ['', '[unclosed', 'a word'])
      expect(await said(text)).toMatch(/\|holds no readable configuration under controller_manager_config\.yaml/);
  });

  test('a feature gate may come by flag', async () => {
    const bare = right.replace('UnadmittedWorkloadsExplicitStatus: true', 'LocalQueueMetrics: true');
    expect(await said(bare)).toMatch(/featureGates should hold UnadmittedWorkloadsExplicitStatus: true/);
    expect(await said(bare, ['--feature-gates=A=false,UnadmittedWorkloadsExplicitStatus=true'])).toBe(
      '3 coefficients as declared',
    );
  });

  test('several replicas of which none leads', async () => {
    const none = right.replace('leaderElect: true', 'leaderElect: false');
    expect(await said(right, [], 3)).toBe('3 coefficients as declared');
    expect(await said(none)).toBe('3 coefficients as declared');
    expect(await said(none, [], 3)).toMatch(/leaderElect is false and the controller has 3 replicas/);
  });

  test('chips that are excluded, counted by nobody, replaced, or of no pool', async () => {
    expect(await said(right.replace('- hugepages-', '- huawei.com/'))).toMatch(
      /lacks hugepages-.*\n.*excludeResourcePrefixes holds huawei\.com\/: chips are counted by no quota\|take them out of clusters/,
    );
    expect(await said(right.replace('BlockUndeclared', 'IgnoreUndeclared'))).toMatch(/quotaCheckStrategy is Ignore/);
    expect(await said(right.replace('Retain', 'Replace'))).toMatch(/strategy of huawei\.com\/Ascend910 is Replace/);
    expect(await said(right.replace('nvidia.com/gpu', 'cambricon.com/mlu'))).toMatch(
      /turns no nvidia\.com\/gpu .*\n.*cambricon\.com\/mlu, which the declaration has not, is turned into/,
    );
  });
});

const workload = (name: string, resource: string, status: object = {}) => ({
  metadata: named(name, 'copper-train'),
  spec: {
    queueName: 'default',
    podSets: [
      { count: 1, template: { spec: { containers: [{ resources: { requests: { [resource]: '1', cpu: '1' } } }] } } },
    ],
  },
  status,
});
const door = { metadata: named('default', 'copper-train'), spec: { clusterQueue: 'copper-ai' } };
const queueOf = (most: number) => ({
  metadata: named('copper-ai'),
  spec: {
    resourceGroups: [
      {
        coveredResources: ['huawei.com/Ascend910'],
        flavors: [
          {
            name: 'p-910b',
            resources: [{ name: 'huawei.com/Ascend910', nominalQuota: '9', borrowingLimit: String(most - 9) }],
          },
        ],
      },
    ],
  },
  status: { conditions: [{ type: 'Active', status: 'True' }] },
});

describe('jobs that wait', () => {
  const reason = (name: string) => ({
    conditions: [{ type: 'QuotaReserved', status: 'False', reason: name, message: 'm', lastTransitionTime: OLD }],
  });
  const said = async (...jobs: readonly object[]) =>
    english(
      await waiting.run(
        at('ward', {
          'workloads.kueue.x-k8s.io': list(...jobs),
          'localqueues.kueue.x-k8s.io': list(door),
          'clusterqueues.kueue.x-k8s.io': list(queueOf(16)),
        }),
      ),
    );

  test('without a condition: what is not covered is named, a twin is well, and else it is told that nothing is', async () => {
    expect(await said(workload('a', 'huawei.com/Ascend910'))).toMatch(
      /a\|waits without a word: it asks for cpu, which ClusterQueue copper-ai does not cover\|/, // no configuration that excludes it
    );
    const { spec, ...rest } = workload('b', 'huawei.com/Ascend910');
    const [podSet] = spec.podSets;
    const bare = {
      ...rest,
      spec: {
        ...spec,
        podSets: [
          {
            ...podSet,
            template: { spec: { containers: [{ resources: { limits: { 'huawei.com/Ascend910': '1' } } }] } },
          },
        ],
      },
    };
    expect(await said(bare)).toMatch(/b\|has waited for more than 10 minutes without a word\|/);
    expect(await said(bare, workload('c', 'huawei.com/Ascend910', reason('WaitingForQuota')))).toBe(
      '2 wait, none in vain',
    );
  });

  test('chips that its queue does not cover are no open resource', async () =>
    expect(await said(workload('a', 'nvidia.com/gpu'))).toMatch(
      /it asks for .*nvidia\.com\/gpu, which ClusterQueue copper-ai does not cover\|let the job ask for chips that its queue covers/,
    ));

  test('not before ten minutes are over', async () => {
    const young = workload('a', 'huawei.com/Ascend910');
    const metadata = { ...young.metadata, creationTimestamp: '2026-11-30T11:51:00Z' };
    expect(await said({ ...young, metadata })).toBe('1 wait, none in vain');
  });

  test('many of one reason are told once; a rejected one is told with what the check said', async () => {
    const many = ['a', 'b', 'c', 'd'].map((name) => workload(name, 'huawei.com/Ascend910', reason('NoMatchingFlavor')));
    expect(await said(...many)).toMatch(
      /^Workload copper-train\/a, copper-train\/b, copper-train\/c and 1 more\|fits no pool: [^\n]*$/,
    );
    const checks = [{ name: 'x', state: 'Rejected', message: 'Expecting spec.managedBy', lastTransitionTime: OLD }];
    expect(await said(workload('a', 'x/y', { ...reason('WaitingForQuota'), admissionChecks: checks }))).toMatch(
      /was rejected by an admission check and is out of the queue \(Expecting spec\.managedBy\)\|/,
    );
  });
});

describe('a manager and its worker', () => {
  const stuck = workload('job', 'huawei.com/Ascend910', {
    conditions: [{ type: 'QuotaReserved', status: 'True', lastTransitionTime: OLD }],
    admission: { clusterQueue: 'copper-ai', podSetAssignments: [{ resourceUsage: { 'huawei.com/Ascend910': '12' } }] },
    admissionChecks: [{ name: 'copper-ai', state: 'Pending', message: '', lastTransitionTime: OLD }],
  });
  const config = (id: string, change = (text: string) => text) => ({
    metadata: named('kueue-manager-config', 'kueue-system'),
    data: { 'controller_manager_config.yaml': change(configurationYaml(declared(id, {}).view)) },
  });
  const worker = {
    namespaces: list({ metadata: named('copper-train') }),
    'localqueues.kueue.x-k8s.io': list(door),
    'clusterqueues.kueue.x-k8s.io': list(queueOf(16)),
    configmap: config('ward'),
  };
  const said = async (answers: Answers) =>
    english(
      await dispatched.run(
        at('warden', { 'workloads.kueue.x-k8s.io': list(stuck), configmap: config('warden') }, [
          declared('ward', answers),
        ]),
      ),
    );

  test('a job that nobody takes: the cause is looked for on the worker', async () => {
    const waitsThere = [{ type: 'QuotaReserved', status: 'False', message: 'no room', lastTransitionTime: OLD }];
    expect(await said({ ...worker, namespaces: list() })).toMatch(/worker ward: it has no namespace copper-train\|/);
    expect(await said({ ...worker, 'localqueues.kueue.x-k8s.io': list() })).toMatch(/it has no LocalQueue default/);
    expect(await said({ ...worker, 'clusterqueues.kueue.x-k8s.io': list() })).toMatch(/ClusterQueue copper-ai admits/);
    expect(await said({ ...worker, 'clusterqueues.kueue.x-k8s.io': list(queueOf(10)) })).toMatch(
      /may never hold that much: huawei\.com\/Ascend910 12 > 10\|/,
    );
    expect(
      await said({ ...worker, configmap: config('ward', (text) => text.replace('"313000"', '"256000"')) }),
    ).toMatch(/it counts otherwise than the manager: .*huawei\.com\/Ascend910 256000 \(313000\)/);
    expect(await said(worker)).toMatch(
      /worker ward: it has not arrived there\|see what the log of the manager's Kueue/,
    );
    expect(
      await said({ ...worker, 'workloads.kueue.x-k8s.io': list({ ...stuck, status: { conditions: waitsThere } }) }),
    ).toMatch(/worker ward: it waits there \(no room\)\|/);
    expect(await said({ namespaces: new Error('no route to host') })).toMatch(
      /it does not answer, so the cause is open/,
    );
  });

  const TOKEN = (exp: number) => `secret.${Buffer.from(JSON.stringify({ exp })).toString('base64url')}.secret`;
  const entered = async (data: Readonly<Record<string, string>>) => {
    const base64 = Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')]);
    const told = english(
      await workers.run(
        at('warden', {
          'multikueueclusters.kueue.x-k8s.io': list({
            metadata: named('ward'),
            spec: { clusterSource: { kubeConfig: { locationType: 'Secret', location: 'ward-kubeconfig' } } },
            status: { conditions: [{ type: 'Active', status: 'True' }] },
          }),
          'admissionchecks.kueue.x-k8s.io': list({
            metadata: named('copper-ai'),
            status: { conditions: [{ type: 'Active', status: 'True' }] },
          }),
          secret: { data: Object.fromEntries(base64) },
          'config view --minify -o jsonpath={.clusters[0].cluster.server}': 'https://warden.example',
        }),
      ),
    );
    expect(told).not.toContain('secret.');
    return told;
  };
  const kubeconfig = (exp: number, server = 'https://ward.example') =>
    JSON.stringify({ clusters: [{ cluster: { server } }], users: [{ user: { token: TOKEN(exp) } }] });
  const DAY = 86_400;

  test("a worker's kubeconfig: its keys, its form, whither it leads and until when, and never what is in it", async () => {
    expect(await entered({ kubeconfig: kubeconfig(NOW / 1000 + 60 * DAY) })).toBe('ward can be used');
    expect(await entered({ config: kubeconfig(0), note: 'x' })).toMatch(/has no key kubeconfig, but config, note\|/);
    expect(await entered({ kubeconfig: '{ token: secret.' })).toMatch(/its kubeconfig is no kubeconfig\|/);
    expect(await entered({ kubeconfig: 'secret.' })).toMatch(/its kubeconfig is no kubeconfig\|/);
    expect(await entered({ kubeconfig: kubeconfig(NOW / 1000 + 3 * DAY) })).toMatch(
      /its credentials end on 2026-12-03, after which that worker gets no jobs\|sh kubeconfigs\.sh ward /,
    );
    expect(await entered({ kubeconfig: kubeconfig(NOW / 1000 - DAY) })).toMatch(/its credentials ended on 2026-11-29/);
    expect(await entered({ kubeconfig: kubeconfig(NOW / 1000 + 60 * DAY, 'https://warden.example') })).toMatch(
      /leads to the manager itself \(https:\/\/warden\.example\)/,
    );
  });
});

describe('no controller is at work', () => {
  const bare = (name: string, namespace?: string) => ({
    metadata: named(name, namespace),
    spec: { ...queueOf(16).spec, namespaceSelector: {} },
  });
  const link = { metadata: named('ward'), spec: { clusterSource: { kubeConfig: { locationType: 'Path' } } } };
  const untouched = {
    'clusterqueues.kueue.x-k8s.io': list(bare('copper-ai')),
    'admissionchecks.kueue.x-k8s.io': list(bare('copper-ai')),
    'multikueueclusters.kueue.x-k8s.io': list(link),
    'localqueues.kueue.x-k8s.io': list({ ...door, status: {} }),
    namespaces: list({ metadata: { ...named('copper-train'), labels: { 'greenflops.io/tenant': 'copper-ai' } } }),
  };
  const unseen = /^\?no controller of Kueue is at work \(see Kueue's controller\)/;
  const down = { ...deployment('r.example/kueue:v0.19.2'), status: { readyReplicas: 0 } };

  test('one line says so, and all that only it could tell is open', async () => {
    const manager = at('warden', untouched);
    expect(english(await controller.run(manager))).toMatch(
      /no controller of Kueue is at work, and no job is admitted: .*no status of ClusterQueue 1, AdmissionCheck 1, MultiKueueCluster 1\|install Kueue 0\.19\.2/,
    );
    for (const check of [queues, waiting, workers, dispatched, enforced])
      expect(english(await check.run(manager)), check.name.en).toMatch(unseen);
  });

  test('one whose pod is not ready', async () => {
    const ward = at('ward', { ...untouched, deployments: list(down) });
    expect(english(await controller.run(ward))).toMatch(
      /has no pod that is ready: no job is admitted; it has written no status of ClusterQueue 1\|/,
    );
    expect(english(await waiting.run(ward))).toMatch(unseen);
  });

  test('one that is at work and has left out: what is not there is told from what it has not looked at', async () => {
    const works = { ...untouched, deployments: list(deployment('r.example/kueue:v0.19.2')) };
    expect(english(await workers.run(at('warden', works)))).toMatch(
      /^MultiKueueCluster ward\|has no status.*\nAdmissionCheck copper-ai\|has no status: .*see Kueue's controller\)$/,
    );
    expect(english(await workers.run(at('warden', { ...works, 'admissionchecks.kueue.x-k8s.io': list() })))).toMatch(
      /\nAdmissionCheck copper-ai\|is not there: its queue admits nothing\|run npm run deploy$/,
    );
    expect(english(await queues.run(at('ward', works)))).toMatch(/^ClusterQueue copper-ai\|without a status/);
    expect(english(await waiting.run(at('ward', works)))).toBe('no job waits');
  });
});

test('a Kubernetes without policies that add: what is served, and how to do without', async () => {
  const admission = 'admissionregistration.k8s.io';
  const kinds = (...names: readonly string[]) => ({ resources: names.map((kind) => ({ kind })) });
  const validating = ['ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding'];
  const mutating = ['MutatingAdmissionPolicy', 'MutatingAdmissionPolicyBinding'];
  const view = at('warden', {
    'api-versions': `${admission}/v1\n${admission}/v1beta1\n`,
    [`get --raw /apis/${admission}/v1`]: kinds(...validating),
    [`get --raw /apis/${admission}/v1beta1`]: kinds(...mutating),
  });
  const objects = view.objects.filter(({ apiVersion }) => apiVersion === `${admission}/v1`);
  expect(english(await apis.run({ ...view, objects }))).toMatch(
    /MutatingAdmissionPolicy, MutatingAdmissionPolicyBinding are not served as \S+\/v1, only as v1beta1\|install or upgrade Kubernetes 1\.36, or set clusters\[\]\.kueue\.defaults: demanded/,
  );
});
