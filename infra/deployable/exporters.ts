import type { Plan } from '../../model/plan.ts';
import type { Text } from '../../model/text.ts';
import type { Obstacle, Rule } from './obstacle.ts';

/** A site's ledger has one writer. */
export const exporters: Rule = ({ estate }) =>
  estate.clusters.flatMap(({ id, site, exporter: here }, i): Obstacle[] => {
    const other = estate.clusters.find((one) => one.site === site && one.exporter && one.id !== id);
    if (!here || !other) return [];
    return [
      {
        path: ['clusters', i, 'exporter'],
        detail: {
          zh: `园区 ${site} 的采集器只能在一个集群，${other.id} 也写了 exporter: true`,
          en: `the exporter of ${site} stands on one cluster, and ${other.id} says exporter: true too`,
        },
      },
    ];
  });

/** A site of several clusters, none of which is marked. */
export const exporterNotes = ({ estate }: Plan): Text[] =>
  [...Map.groupBy(estate.clusters, ({ site }) => site)].flatMap(([site, own]): Text[] => {
    const [first] = own;
    if (!first || own.length === 1 || own.some(({ exporter: here }) => here)) return [];
    return [
      {
        zh: `注意：园区 ${site} 有 ${own.length} 个集群，采集器与账本在最先列出的 ${first.id}。请在该集群写 exporter: true，否则改变次序会让它们换地方、账本从零开始`,
        en: `note: the site ${site} has ${own.length} clusters; its exporter and ledger stand on the first one listed, ${first.id}. Write exporter: true there, or another order moves them and begins a new ledger`,
      },
    ];
  });
