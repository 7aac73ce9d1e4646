import { parser } from '@prometheus-io/lezer-promql';
import { expect, test } from 'vitest';
import { fleetPods } from '../../../../exporter/judge/fleet/fleet-pods.ts';
import { fleetScope } from '../../../../exporter/judge/fleet/fleet-scope.ts';
import { loadPlan } from '../../../../model/load.ts';
import { estate } from '../../../../model/schema/estate.ts';

const plan = loadPlan('plan');
const present = ['DCGM_FI_PROF_PIPE_TENSOR_ACTIVE', 'DCGM_FI_DEV_SM_CLOCK'];

/** Questions by what their answer shows; a real server answers them in test/peers. */
const SHOWS: [RegExp, string][] = [
  [/ and on \(job\) /, 'a pod on some samples of a job alone'],
  [/^count by \(job,instance\) .* > 1$/, 'two pods in an instance'],
  [/exported_pod!=/, 'exported_pod'],
  [/exported_namespace!=/, 'exported_namespace'],
  [/[{,]pod!=/, 'pod'],
  [/[{,]namespace!=/, 'namespace'],
  [/[{,]instance!=/, 'instance'],
];

/** @param there what the server would find */
async function chosen(there: string[], source: object = {}) {
  const [pool] = estate.shape.pools.parse([
    {
      id: 'p',
      cluster: 'c',
      accelerator: 'nvidia-a100-sxm',
      count: 8,
      nodes: { names: ['n'] },
      telemetry: {
        family: 'dcgm',
        source: { protocol: 'prometheus', url: 'http://p', matchers: { cluster: 'nc"a' }, aggregate: true, ...source },
      },
    },
  ]);
  const scope = fleetScope(pool!, plan.families.get('dcgm')!, plan.accelerators.get('nvidia-a100-sxm')!, {
    cluster: 'nc"a',
  });
  const asked: string[] = [];
  const { pod, namespace } = await fleetPods(scope, present, async (promql) => {
    asked.push(promql);
    const shown = SHOWS.find(([pattern]) => pattern.test(promql))?.[1];
    if (shown === undefined) throw new Error(`not foreseen: ${promql}`);
    return there.includes(shown) ? 2 : 0;
  });
  for (const promql of asked) {
    parser.parse(promql).iterate({ enter: ({ type }) => expect(type.isError, promql).toBe(false) });
    expect(promql.match(/cluster="nc\\"a"/g)).toHaveLength(promql.match(/\{/g)?.length ?? 0);
  }
  return [pod, namespace, asked.length];
}
const plain = ['instance', 'pod', 'namespace'];

test.each([
  [
    'renamed labels need no more questions',
    [...plain, 'exported_pod', 'exported_namespace'],
    {},
    ['exported_pod', 'exported_namespace', 2],
  ],
  ['idle: the exporter is not the workload', plain, {}, [null, null, 5]],
  [
    'labels kept, as a free card shows',
    [...plain, 'a pod on some samples of a job alone'],
    {},
    ['pod', 'namespace', 6],
  ],
  ['labels kept, as two pods show', [...plain, 'two pods in an instance'], {}, ['pod', 'namespace', 7]],
  ['labels kept, as is declared', plain, { honor_labels: true }, ['pod', 'namespace', 4]],
  ['no target label at all', ['pod', 'namespace'], {}, ['pod', 'namespace', 5]],
  ['nobody', ['instance'], {}, [null, null, 2]],
])('%s', async (_, there, source, wanted) => expect(await chosen(there, source)).toEqual(wanted));
