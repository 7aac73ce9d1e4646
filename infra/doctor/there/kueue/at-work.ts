import { unknown, type There } from '../../context.ts';
import { controllersOf } from './controllers-of.ts';
import type { Conditioned } from './live.ts';

/** What Kueue's controller alone writes conditions to, besides jobs. */
const told = ['ClusterQueue', 'AdmissionCheck', 'MultiKueueCluster'] as const;
const GRACE = 30_000; // ms; the controller takes one second

export interface AtWork {
  /** No pod of it is ready; where no Deployment is to be seen: nothing has a status that it writes */
  readonly idle: boolean;
  /** How many declared objects of each kind it has never written a status to: ClusterQueue 7, AdmissionCheck 2 */
  readonly bare: readonly string[];
}

/** Whether a controller of Kueue is at work: by its Deployment, and by what only it can have written. */
export async function atWork({ reader, objects, now }: There): Promise<AtWork> {
  const controllers = await controllersOf(reader);
  const bare: string[] = [];
  let touched = 0;
  for (const kind of told) {
    const names = new Set(objects.filter((one) => one.kind === kind).map(({ metadata }) => metadata.name));
    if (names.size === 0) continue;
    const live = (await reader.items<Conditioned>(`${kind.toLowerCase()}s.kueue.x-k8s.io`)).filter(({ metadata }) =>
      names.has(metadata.name),
    );
    const without = live.filter(isBare);
    touched += live.length - without.length;
    const old = without.filter(({ metadata }) => now() - Date.parse(metadata.creationTimestamp) > GRACE);
    if (old.length > 0) bare.push(`${kind} ${old.length}`);
  }
  const ready = controllers.some(({ status }) => (status?.readyReplicas ?? 0) > 0);
  return { idle: !ready && (controllers.length > 0 || touched === 0), bare };
}

export const isBare = ({ status }: Conditioned): boolean => (status?.conditions ?? []).length === 0;

/** Of what only a controller brings about nothing can be told without one. */
export const unattended = unknown(
  '没有 Kueue 控制器在运行（见「Kueue 控制器」）：队列和作业的状态都由它写，作业在等也看不出来',
  "no controller of Kueue is at work (see Kueue's controller): it alone writes what queues and jobs come to, and jobs may wait unseen",
);
