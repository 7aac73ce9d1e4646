import type { Text } from '../../model/text.ts';
import type { Labels } from '../kubernetes.ts';
import { modelOf, pflopsOfOne, pflopsText, resourceNames } from './figures.ts';
import type { Kubectl } from './kubectl.ts';
import type { Live } from './live.ts';
import { nodesOf } from './node-lines.ts';
import type { Observed } from './observe.ts';
import type { RecordedPool } from './record.ts';

/** What is about to go from a cluster. */
export interface Removal {
  readonly namespaces: readonly string[];
  readonly pools: readonly RecordedPool[];
}

interface Container {
  readonly resources?: { readonly requests?: Labels };
  readonly restartPolicy?: string;
}
export interface Pod extends Live {
  readonly spec: {
    readonly nodeName?: string;
    readonly containers: readonly Container[];
    readonly initContainers?: readonly Container[];
    /** Of dynamic resource allocation: chips that no container asks for by name */
    readonly resourceClaims?: readonly unknown[];
  };
}

/** Pods that have work to lose: neither ended nor on their way out. */
export async function runningPods(kubectl: Kubectl): Promise<readonly Pod[]> {
  const running = '--field-selector=status.phase!=Succeeded,status.phase!=Failed';
  return kubectl.items<Pod>(['get', 'pods', '-A', running]);
}

/** What a pod holds while it runs: its containers' chips, and those of init containers that run on beside them. */
const asked = ({ spec: { containers, initContainers = [] } }: Pod, resource: string): number =>
  [...containers, ...initContainers.filter(({ restartPolicy }) => restartPolicy === 'Always')].reduce(
    (sum, { resources }) => sum + Number(resources?.requests?.[resource] ?? 0),
    0,
  );

/** Of the running pods those that the removal would end or leave without their chips. */
export function endangered(pods: readonly Pod[], { view, nodes }: Observed, { namespaces, pools }: Removal): Pod[] {
  return pods.filter((pod) => {
    if (namespaces.includes(pod.metadata.namespace ?? '')) return true;
    const { nodeName, resourceClaims = [] } = pod.spec;
    return pools.some((pool) => {
      const model = modelOf(view.plan, pool);
      const holds = resourceClaims.length > 0 || (model && resourceNames(model).some((name) => asked(pod, name) > 0));
      if (!holds) return false;
      // Where no node has been chosen yet, the chips may be those of another pool.
      return nodesOf(nodes, pool.nodes).some(({ metadata }) => metadata.name === nodeName);
    });
  });
}

/** One line for each namespace: pods, chips, PFlops. Chips are valued by the pool on whose node they are, else by any pool of their name. */
export function workText(pods: readonly Pod[], { view, record, nodes }: Observed): Text {
  const pools: readonly RecordedPool[] = [...view.pools, ...(record?.pools ?? [])];
  const namesOf = (pool: RecordedPool): string[] => {
    const model = modelOf(view.plan, pool);
    return model ? resourceNames(model) : [];
  };
  const names = [...new Set(pools.flatMap(namesOf))];
  const isOn = ({ spec }: Pod, pool: RecordedPool): boolean =>
    nodesOf(nodes, pool.nodes).some(({ metadata }) => metadata.name === spec.nodeName);
  const lines = [...Map.groupBy(pods, ({ metadata }) => metadata.namespace ?? '')].map(([namespace, own]): Text => {
    const listed = own
      .slice(0, 5)
      .map(({ metadata }) => metadata.name)
      .join(' ');
    const more = own.length > 5 ? ' …' : '';
    const chips = names.flatMap((name): Text[] => {
      const count = own.reduce((sum, pod) => sum + asked(pod, name), 0);
      if (count === 0) return [];
      const worth = own.flatMap((pod): number[] => {
        const home = pools.filter((pool) => namesOf(pool).includes(name) && isOn(pod, pool));
        const one = pflopsOfOne(view.plan, [...home, ...pools], name);
        return one === undefined ? [] : [one * asked(pod, name)];
      });
      const pflops = worth.length === 0 ? '' : ` = ${pflopsText(worth.reduce((sum, one) => sum + one))} PFlops`;
      return [{ zh: `，${count} × ${name}${pflops}`, en: `, ${count} × ${name}${pflops}` }];
    });
    return {
      zh: `  ${namespace}：${own.length} 个 Pod（${listed}${more}）${chips.map(({ zh }) => zh).join('')}`,
      en: `  ${namespace}: ${podsText(own.length)} (${listed}${more})${chips.map(({ en }) => en).join('')}`,
    };
  });
  return { zh: lines.map(({ zh }) => zh).join('\n'), en: lines.map(({ en }) => en).join('\n') };
}

/** As English counts them. */
export const podsText = (count: number): string => `${count} pod${count === 1 ? '' : 's'}`;
