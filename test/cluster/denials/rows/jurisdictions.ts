import { deployments, expression, pods, preferred } from '../affinity.ts';
import { cronJob, deployment, pod, QUEUED } from '../objects.ts';
import { pair } from '../pair.ts';
import { lin } from '../people.ts';
import type { Row } from '../row.ts';

const JURISDICTION = 'greenflops.io/jurisdiction';

const elsewhere = (what: string, have: string) =>
  `集群 prove 属 jiangxi 管辖，${what} 写的是 "${have}"：请写 greenflops.io/jurisdiction: jiangxi，或去掉 / cluster prove is under the jurisdiction jiangxi, and ${what} says "${have}": write greenflops.io/jurisdiction: jiangxi, or leave it out`;
const affinityElsewhere =
  '集群 prove 属 jiangxi 管辖，nodeAffinity 选了其他管辖地：greenflops.io/jurisdiction 只能用 operator: In、values: [jiangxi] / cluster prove is under the jurisdiction jiangxi, and nodeAffinity asks for another one: with greenflops.io/jurisdiction use operator: In, values: [jiangxi]';
const labelled = (jurisdiction: string) => ({ ...QUEUED, [JURISDICTION]: jurisdiction });
export const jurisdictionRows: readonly Row[] = [
  pair('jobs-of-a-cronjob-of-another-jurisdiction', {
    who: lin,
    policy: 'jurisdiction',
    says: elsewhere('jobTemplate.metadata.labels', 'hunan'),
    bad: cronJob('jobs-of-a-cronjob-of-another-jurisdiction', { own: labelled('hunan') }),
    good: cronJob('jobs-of-a-cronjob-of-another-jurisdiction', { own: labelled('jiangxi') }),
  }),
  pair('pod-of-another-jurisdiction', {
    who: lin,
    policy: 'jurisdiction',
    says: elsewhere('metadata.labels', 'hunan'),
    bad: pod('pod-of-another-jurisdiction', {}, labelled('hunan')),
    good: pod('pod-of-another-jurisdiction', {}, labelled('jiangxi')),
  }),
  pair('template-of-another-jurisdiction', {
    who: lin,
    policy: 'jurisdiction',
    says: elsewhere('template.metadata.labels', 'hunan'),
    bad: deployment('template-of-another-jurisdiction', { labels: labelled('hunan') }),
    good: deployment('template-of-another-jurisdiction', { labels: labelled('jiangxi') }),
  }),
  pods(
    'selector-of-another-jurisdiction',
    'jurisdiction',
    elsewhere('nodeSelector', 'hunan'),
    { nodeSelector: { [JURISDICTION]: 'hunan' } },
    { nodeSelector: { [JURISDICTION]: 'jiangxi' } },
  ),
  pods(
    'affinity-to-another-jurisdiction',
    'jurisdiction',
    affinityElsewhere,
    expression(JURISDICTION, 'jiangxi', 'hunan'),
    expression(JURISDICTION, 'jiangxi'),
  ),
  deployments(
    'preference-for-another-jurisdiction',
    'jurisdiction',
    affinityElsewhere,
    preferred(JURISDICTION, 'hunan'),
    preferred(JURISDICTION, 'jiangxi'),
  ),
];
