import { isDeepStrictEqual } from 'node:util';
import type { Pool } from '../../model/schema/estate.ts';
import type { Text } from '../../model/text.ts';
import { exporter } from '../stacks/exporter.ts';
import { arrow, type Line } from './line.ts';
import { pflopsText, poolPflops } from './figures.ts';
import { ofLedger } from './live.ts';
import { POOL } from './node-lines.ts';
import type { Observed } from './observe.ts';
import type { RecordedPool } from './record.ts';

/** A pool of the declaration with the row under which the cluster knows it. */
export const recordedAs = ({ record }: Observed, pool: Pool): RecordedPool | undefined =>
  record?.pools.find(({ id }) => id === pool.id) ?? record?.pools.find(({ id }) => id === pool.moved_from);

/** Pools that the cluster knows and the declaration no longer has, under no name. */
export const removedPools = ({ record, view }: Observed): readonly RecordedPool[] =>
  (record?.pools ?? []).filter(({ id }) => !view.pools.some((pool) => pool.id === id || pool.moved_from === id));

/** True for a cluster that holds nothing of the house, or nothing but the ledger that a destroy left. */
export const isFresh = (live: Observed['live']): boolean =>
  [...live.values()].every((one) => ofLedger(one) || one.metadata.namespace === exporter.namespace);

/**
 * What the pools are to be, beside what the cluster was deployed from: all are new on a fresh one. Nothing where a cluster
 * has lost its record, and where the pools' stack is not deployed.
 */
export function poolLines(observed: Observed): Line[] {
  const { view, record, live, chosen } = observed;
  if ((!record && !isFresh(live)) || !chosen.some(({ stack }) => stack.name === 'pools')) return [];
  const size = (pool: RecordedPool): string => {
    const pflops = poolPflops(view.plan, pool);
    return `${pool.count} × ${pool.accelerator}${pflops === undefined ? '' : `, ${pflopsText(pflops)} PFlops`}`;
  };
  const lines = view.pools.flatMap((pool): Line[] => {
    const before = recordedAs(observed, pool);
    if (!before)
      return [
        { subject: 'pool', text: { zh: `新增 ${pool.id}（${size(pool)}）`, en: `${pool.id} is new (${size(pool)})` } },
      ];
    const told: Line[] = [];
    if (before.id !== pool.id) told.push(renamed(before.id, pool));
    if (before.accelerator !== pool.accelerator || before.count !== pool.count) {
      const less = before.accelerator === pool.accelerator && pool.count < before.count;
      told.push({
        subject: 'pool',
        text: { zh: `${pool.id}：${size(before)} → ${size(pool)}`, en: `${pool.id}: ${size(before)} → ${size(pool)}` },
        ...(less && { danger: true }),
      });
    }
    if (!isDeepStrictEqual(before.nodes, pool.nodes))
      told.push({ subject: 'pool', text: nodesText(pool.id, before.nodes, pool.nodes) });
    if (!isDeepStrictEqual(before.sharing, pool.sharing))
      told.push({
        subject: 'slices',
        text: {
          zh: `${pool.id}：${arrow(before.sharing, pool.sharing)}`,
          en: `${pool.id}: ${arrow(before.sharing, pool.sharing)}`,
        },
      });
    return told;
  });
  const gone = removedPools(observed).map((pool): Line => ({
    subject: 'pool',
    text: { zh: `撤销 ${pool.id}（${size(pool)}）`, en: `${pool.id} is taken away (${size(pool)})` },
    danger: true,
  }));
  return [...lines, ...gone, ...clusterLines(observed)];
}

/** With what a deploy cannot do: nodes' taints and pods that were submitted keep the old id. */
function renamed(before: string, { id, dedicated }: Pool): Line {
  const todo: Text = dedicated
    ? {
        zh: `：已提交的 Pod 仍容忍 ${POOL}=${before}，请改为 ${id} 并重新提交；部署后运行 render 生成的 nodes/label-and-taint.sh`,
        en: `: pods submitted before tolerate ${POOL}=${before}, submit them anew with ${id}; after the deploy run nodes/label-and-taint.sh, which render writes`,
      }
    : { zh: '', en: '' };
  return {
    subject: 'rename',
    text: { zh: `资源池 ${before} 改名为 ${id}${todo.zh}`, en: `pool ${before} is called ${id} from now on${todo.en}` },
  };
}

const nodesIn = (nodes: Pool['nodes']): string =>
  'names' in nodes
    ? nodes.names.join(' ')
    : Object.entries(nodes.selector)
        .map((pair) => pair.join('='))
        .join(',');

function nodesText(id: string, before: Pool['nodes'], after: Pool['nodes']): Text {
  return {
    zh: `${id} 的节点：${nodesIn(before)} → ${nodesIn(after)}`,
    en: `nodes of ${id}: ${nodesIn(before)} → ${nodesIn(after)}`,
  };
}

const list = (entries: readonly string[]): string => entries.join(' ') || '–';

/** What the declaration says of the cluster itself. */
function clusterLines({ record, view: { cluster } }: Observed): Line[] {
  if (!record) return [];
  const lines: Line[] = [];
  const row = (
    subject: 'class' | 'registries',
    what: Text,
    before: readonly string[],
    after: readonly string[],
    worse: boolean,
  ) => {
    if (isDeepStrictEqual([...before], [...after])) return;
    lines.push({
      subject,
      text: { zh: `${what.zh}：${list(before)} → ${list(after)}`, en: `${what.en}: ${list(before)} → ${list(after)}` },
      ...(worse && { danger: true }),
    });
  };
  const { data_classes: classes, registries } = cluster;
  if (record.cluster !== cluster.id && record.cluster === cluster.moved_from)
    lines.push({
      subject: 'rename',
      text: {
        zh: `集群 ${record.cluster} 改名为 ${cluster.id}`,
        en: `cluster ${record.cluster} is called ${cluster.id} from now on`,
      },
    });
  const lost = record.data_classes.some((one) => !(classes as readonly string[]).includes(one));
  row(
    'class',
    { zh: '集群可承载的数据级别', en: 'classes that the cluster may hold' },
    record.data_classes,
    classes,
    lost,
  );
  row(
    'class',
    { zh: '集群的法域', en: 'jurisdiction of the cluster' },
    [record.jurisdiction],
    [cluster.jurisdiction],
    true,
  );
  row(
    'registries',
    { zh: '允许的镜像仓库', en: 'registries allowed' },
    record.registries,
    registries,
    registries.length === 0,
  );
  return lines;
}
