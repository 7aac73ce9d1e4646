import { setTimeout } from 'node:timers/promises';
import { pod } from '../pod.ts';
import type { Stage } from '../stage.ts';
import type { Patient } from './patient.ts';

export interface Fault {
  readonly name: string;
  readonly make?: (patient: Patient) => Promise<unknown>;
  readonly mend?: (patient: Patient) => Promise<unknown>;
  /** What is declared otherwise than the patient was deployed from */
  readonly estate?: (text: string) => string;
  /** One for each thing that the doctor finds */
  readonly says: readonly RegExp[];
}

/** Something done to a cluster, and how it is taken back. */
export interface Tampering {
  readonly make: (stage: Stage) => Promise<unknown>;
  readonly mend: (stage: Stage) => Promise<unknown>;
}

/** The same, done to the manager. */
export const atManager = ({ make, mend }: Tampering): Pick<Fault, 'make' | 'mend'> => ({
  make: ({ manager }) => make(manager),
  mend: ({ manager }) => mend(manager),
});

export const run =
  (...args: readonly string[]) =>
  (stage: Stage) =>
    stage.accepted(args);

/** Takes an object away and brings it back as it was. */
export function without(...name: readonly string[]): Tampering {
  let kept = '';
  return {
    async make(patient) {
      const object = JSON.parse(await patient.accepted(['get', ...name, '-o', 'json'])) as {
        metadata: Record<string, unknown>;
        status?: unknown;
      };
      for (const key of ['uid', 'resourceVersion', 'creationTimestamp', 'managedFields', 'generation'])
        delete object.metadata[key];
      kept = JSON.stringify(object);
      await patient.accepted(['delete', ...name, '--wait=true']);
    },
    mend: (patient) => patient.accepted(['create', '-f', '-'], JSON.parse(kept)),
  };
}

export const patch = (
  target: readonly string[],
  kind: 'json' | 'merge',
  change: unknown,
  more: readonly string[] = [],
) => run('patch', ...target, `--type=${kind}`, '-p', JSON.stringify(change), ...more);

export const allocatable = (node: string, change: object) =>
  patch(['node', node], 'merge', { status: { capacity: change, allocatable: change } }, ['--subresource=status']);

export const network = (name: string) => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name, namespace: 'kube-system' },
  spec: {
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { nodeSelector: { no: 'node' }, containers: [{ name: 'main', image: 'registry.example/network:1' }] },
    },
  },
});

/** As a Kueue before 0.16 has them: its second beta is not there yet. */
export const serving = (second: boolean) => async (patient: Patient) => {
  for (const name of ['clusterqueues', 'localqueues', 'resourceflavors']) {
    const crd = ['crd', `${name}.kueue.x-k8s.io`];
    const { spec } = JSON.parse(await patient.accepted(['get', ...crd, '-o', 'json'])) as {
      spec: { versions: { name: string }[] };
    };
    const at = spec.versions.findIndex((version) => version.name === 'v1beta2');
    await patch(crd, 'json', [{ op: 'replace', path: `/spec/versions/${at}/served`, value: second }])(patient);
  }
  await served(patient, 'kueue.x-k8s.io/v1beta2', 'ClusterQueue', second);
};

/** The server's list of kinds follows its definitions within a second. */
export async function served(patient: Patient, apiVersion: string, kind: string, wanted: boolean): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const list = JSON.parse(await patient.accepted(['get', '--raw', `/apis/${apiVersion}`])) as {
      resources: { kind: string }[];
    };
    if (list.resources.some((one) => one.kind === kind) === wanted) return;
    await setTimeout(100);
  }
  throw new Error(`${apiVersion} ${kind} is ${wanted ? 'not ' : ''}served after 10 s`);
}

const BINDING = 'validatingadmissionpolicybinding';

/** What all bindings do with what a policy refuses. Servers follow within seconds: resolves once they have. */
export const actions = (wanted: readonly string[]) => async (patient: Patient) => {
  const bindings = JSON.parse(await patient.accepted(['get', BINDING, '-o', 'json'])) as { items: { spec: object }[] };
  const items = bindings.items.map((one) => ({ ...one, spec: { ...one.spec, validationActions: wanted } }));
  await patient.accepted(['replace', '-f', '-'], { ...bindings, items });
  for (let tries = 0; tries < 100; tries += 1) {
    const { stderr } = await patient.plane.kubectl(
      ['create', '--dry-run=server', '-n', 'copper-train', '-f', '-'],
      JSON.stringify(pod('probe')),
    );
    if (/denied request/.test(stderr) === wanted.includes('Deny')) return;
    await setTimeout(100);
  }
  throw new Error(`the policies do not ${wanted.join(', ')} after 10 s`);
};
