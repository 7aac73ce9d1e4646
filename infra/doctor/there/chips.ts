import { acceleratorOf } from '../../../model/accelerator-of.ts';
import type { Checkup, Trouble } from '../../../model/checkup.ts';
import type { Accelerator } from '../../../model/schema/accelerators.ts';
import type { Pool } from '../../../model/schema/estate.ts';
import { some, type Item, type There } from '../context.ts';
import { poolNodes, without, units, wherePool, type Node } from './pool-nodes.ts';

/** Names of which one must be offered, and how many of it the pool promises. */
interface Promised {
  readonly names: readonly string[];
  readonly count: number;
}

function promised(
  { count, sharing }: Pool,
  { resources, slices, shared_resource: shared, dies_per_package: dies }: Accelerator,
): Promised[] {
  const whole = [...new Set(Object.values(resources))];
  switch (sharing.by) {
    case 'slices':
      return Object.entries(sharing.slices).map(([id, many]) => ({
        names: [slices[id]?.resource ?? id],
        count: many,
      }));
    case 'time-slicing':
      return [{ names: shared === undefined ? whole : [shared], count: count * dies * sharing.replicas }];
    case 'hami':
      return [{ names: resources['hami'] === undefined ? whole : [resources['hami']], count: count * dies }];
    case 'dra':
      return []; // claims, not resources of nodes
    default:
      return [{ names: whole, count: count * dies }];
  }
}

/** Names of devices have a domain of their maker's. */
const isDevice = (name: string): boolean => name.includes('/') && !name.includes('kubernetes.io/');

export const chips: Checkup<There> = {
  name: { zh: '节点提供的加速器', en: 'chips that nodes offer' },
  run: async (there) => {
    const troubles: Trouble[] = [];
    const { plan, pools } = there.view;
    for (const pool of pools) {
      const accelerator = acceleratorOf(plan, pool);
      const found = await poolNodes(there, pool);
      if (!accelerator || found.length === 0) continue; // `nodes` says so
      const at = `${wherePool(there, pool)} ${pool.id}`;
      if (pool.sharing.by === 'dra') troubles.push(...(await claimed(there, pool, found, at)));
      for (const { names, count } of promised(pool, accelerator)) troubles.push(...offered(names, count, found, at));
    }
    if (troubles.length > 0) return { troubles };
    return (
      (await without(there, pools)) ?? {
        ok: { zh: `${pools.length} 个资源池都够数`, en: `as many as declared, in ${some(pools.length, 'pool')}` },
      }
    );
  },
};

const sum = (nodes: readonly Node[], name: string): number =>
  nodes.reduce((total, { status }) => total + units(status?.allocatable?.[name]), 0);

function offered(names: readonly string[], count: number, nodes: readonly Node[], where: string): Trouble[] {
  const best = Math.max(...names.map((name) => sum(nodes, name)));
  if (best >= count) return [];
  const others = new Set(
    nodes.flatMap(({ status }) =>
      Object.entries(status?.allocatable ?? {}).flatMap(([name, value]) =>
        isDevice(name) && units(value) > 0 ? [name] : [],
      ),
    ),
  );
  const list = names.join(', ');
  const short = nodes
    .filter(({ status }) => names.every((name) => units(status?.allocatable?.[name]) === 0))
    .map(({ metadata }) => metadata.name);
  if (best > 0)
    return [
      {
        where,
        what: {
          zh: `声明 ${count} 个，节点只提供 ${best} 个 ${list}${short.length > 0 ? `；${short.join('、')} 一个也没有` : ''}`,
          en: `${count} are declared, and nodes offer ${best} of ${list}${short.length > 0 ? `; ${short.join(', ')} none at all` : ''}`,
        },
        todo: {
          zh: '检查设备插件和故障卡（kubectl describe node），或改正 count',
          en: 'look at the device plugin and at broken cards (kubectl describe node), or correct count',
        },
      },
    ];
  const [one] = others;
  if (one !== undefined)
    return [
      {
        where,
        what: {
          zh: `节点不提供 ${list}，却提供 ${[...others].map((name) => `${name}（${sum(nodes, name)}）`).join('、')}`,
          en: `nodes do not offer ${list}; they offer ${[...others].map((name) => `${name} (${sum(nodes, name)})`).join(', ')}`,
        },
        todo: {
          zh: '改正 pools[].accelerator 或 sharing；设备插件用别的名字时，在 accelerators.yaml 的 resources 中补上',
          en: 'correct pools[].accelerator or sharing; where the device plugin has a name of its own, add it to `resources` in accelerators.yaml',
        },
      },
    ];
  return [
    {
      where,
      what: {
        zh: `节点 ${short.join('、')} 不提供 ${list}：没有设备插件，或它没有注册`,
        en: `nodes ${short.join(', ')} do not offer ${list}: there is no device plugin, or it has not registered`,
      },
      todo: {
        zh: '安装厂商的设备插件，查看其日志和节点驱动',
        en: "install the vendor's device plugin; read its log and look at the nodes' driver",
      },
    },
  ];
}

interface ResourceSlice extends Item {
  readonly spec: { readonly driver: string; readonly nodeName?: string; readonly devices?: readonly unknown[] };
}

/** Devices that a driver of dynamic resource allocation has published for these nodes. */
async function claimed(
  { reader }: There,
  { sharing, count }: Pool,
  nodes: readonly Node[],
  where: string,
): Promise<Trouble[]> {
  if (sharing.by !== 'dra') return [];
  const names = new Set(nodes.map(({ metadata }) => metadata.name));
  const slices = (await reader.items<ResourceSlice>('resourceslices')).filter(
    ({ spec }) => spec.driver === sharing.driver && names.has(spec.nodeName ?? ''),
  );
  const devices = slices.reduce((total, { spec }) => total + (spec.devices?.length ?? 0), 0);
  if (devices >= count) return [];
  return [
    {
      where,
      what: {
        zh: `声明 ${count} 个，驱动 ${sharing.driver} 在这些节点上只发布了 ${devices} 个设备`,
        en: `${count} are declared, and driver ${sharing.driver} has published ${devices} devices of these nodes`,
      },
      todo: {
        zh: '安装或检查该 DRA 驱动（kubectl get resourceslices），或改正 count',
        en: 'install the DRA driver or look at it (kubectl get resourceslices), or correct count',
      },
    },
  ];
}
