import { patch } from '../asks.ts';
import { CLASS, GENERAL, QUEUED } from '../objects.ts';
import { admin, lin, operator } from '../people.ts';
import { refusal, type Row } from '../row.ts';
import { carried, says } from './data-class.ts';

const updated = (
  id: string,
  what: string,
  said: string,
  object: string,
  bad: object,
  good: object,
  { policy = 'data-class', who = lin } = {},
): Row => ({
  id,
  by: `policy ${policy}`,
  denied: patch(who, 'copper-train', object, bad),
  message: refusal(policy, what, said),
  twin: patch(who, 'copper-train', object, good),
});
const labels = (changed: Readonly<Record<string, string | null>>) => ({ metadata: { labels: changed } });
const template = (changed: Readonly<Record<string, string | null>>) => ({ spec: { template: labels(changed) } });

const widened = { spec: { parallelism: 2 } };
const paused = { spec: { suspend: true } };

/** Labels go from what stands there, and what is older than the policies is changed without getting them. */
export const dataClassChangeRows: readonly Row[] = [
  updated(
    'class-taken-off-a-pod',
    'pods "live"',
    says('', 'metadata.labels'),
    'Pod/live',
    labels({ [CLASS]: null }),
    labels({ note: 'a' }),
  ),
  updated(
    'class-taken-off-through-status',
    'pods "live"',
    says('', 'metadata.labels'),
    'Pod/live/status',
    labels({ [CLASS]: null }),
    labels({ note: 'a' }),
    { who: admin },
  ),
  updated(
    'class-taken-off-a-template',
    'deployments.apps "live"',
    says('', 'spec.template.metadata.labels'),
    'Deployment/live',
    template({ [CLASS]: null }),
    template({ note: 'a' }),
  ),
  updated(
    'class-taken-off-a-claim',
    'persistentvolumeclaims "live"',
    says('', 'metadata.labels'),
    'PersistentVolumeClaim/live',
    labels({ [CLASS]: null }),
    labels({ note: 'a' }),
  ),
  updated(
    'old-pod-updated',
    'pods "old"',
    says('', 'metadata.labels'),
    'Pod/old',
    { metadata: { annotations: { note: 'a' } } },
    { metadata: { annotations: { note: 'a' }, labels: QUEUED } },
  ),
  updated(
    'old-deployment-updated',
    'deployments.apps "old"',
    says('', 'spec.template.metadata.labels'),
    'Deployment/old',
    { spec: { replicas: 2 } },
    { metadata: { labels: QUEUED }, spec: { replicas: 2, template: { metadata: { labels: QUEUED } } } },
  ),
  updated(
    'old-deployment-grows',
    'deployments.apps "old"',
    says('', 'spec.template.metadata.labels'),
    'Deployment/old',
    { spec: { replicas: 2 } },
    { spec: { replicas: 0 } },
  ),
  updated(
    'old-job-widened',
    'jobs.batch "weeks"',
    says('', 'spec.template.metadata.labels'),
    'Job/weeks',
    widened,
    paused,
    { who: operator },
  ),
  updated(
    'old-cronjob-rescheduled',
    'cronjobs.batch "yearly"',
    says('', 'spec.jobTemplate.spec.template.metadata.labels'),
    'CronJob/yearly',
    { spec: { schedule: '0 4 1 1 *' } },
    paused,
    { who: admin },
  ),
  updated(
    'old-claim-updated',
    'persistentvolumeclaims "old"',
    says('', 'metadata.labels'),
    'PersistentVolumeClaim/old',
    labels({ note: 'a' }),
    labels({ note: 'a', ...GENERAL }),
  ),
  updated(
    'class-taken-off-a-secret',
    'secrets "live"',
    carried(''),
    'Secret/live',
    labels({ [CLASS]: null }),
    labels({ note: 'a' }),
    {
      policy: 'data-class-labels',
    },
  ),
];
