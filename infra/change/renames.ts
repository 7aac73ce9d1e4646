import { isDeepStrictEqual } from 'node:util';
import { files } from '../../model/files.ts';
import { readFile } from '../../model/read-file.ts';
import type { Line } from './line.ts';
import type { Observed } from './observe.ts';
import { recordedAs, removedPools } from './pool-lines.ts';

/** A new id of what the cluster knows under an old one, and where the declaration should say so. */
interface Rename {
  readonly what: 'cluster' | 'pool';
  readonly before: string;
  readonly after: string;
  readonly path: readonly (string | number)[];
}

/** Same context and another id; same accelerator and nodes and another id: renamed, unless `moved_from` says it already. */
function renames(observed: Observed): Rename[] {
  const { view, record } = observed;
  const { plan, cluster } = view;
  if (!record) return [];
  const found: Rename[] = [];
  // A cluster that is still declared under its old id was not renamed: the context leads astray.
  const declared = plan.estate.clusters.some(({ id }) => id === record.cluster);
  if (!declared && cluster.moved_from === undefined)
    found.push({
      what: 'cluster',
      before: record.cluster,
      after: cluster.id,
      path: ['clusters', plan.estate.clusters.indexOf(cluster), 'id'],
    });
  const gone = [...removedPools(observed)];
  for (const pool of view.pools) {
    if (recordedAs(observed, pool)) continue;
    const at = gone.findIndex(
      (old) => old.accelerator === pool.accelerator && isDeepStrictEqual(old.nodes, pool.nodes),
    );
    const [old] = at < 0 ? [] : gone.splice(at, 1);
    if (old)
      found.push({
        what: 'pool',
        before: old.id,
        after: pool.id,
        path: ['pools', plan.estate.pools.indexOf(pool), 'id'],
      });
  }
  return found;
}

/** The exact words to write, and where: beside the new id. */
export function renameLines(observed: Observed, dir: string): Line[] {
  const found = renames(observed);
  if (found.length === 0) return [];
  const { source } = readFile(dir, files.estate.name, []);
  return found.map(({ what, before, after, path }): Line => {
    const place = source?.place(path, 'use');
    const where = place ? `${place.file}:${place.line}` : files.estate.name;
    const called = { cluster: { zh: '集群', en: 'cluster' }, pool: { zh: '资源池', en: 'pool' } }[what];
    return {
      subject: 'rename',
      text: {
        zh: `${called.zh} ${before} 似乎改名为 ${after}：若是，请在 ${where} 的 id: ${after} 旁写 moved_from: ${before}`,
        en: `the ${called.en} ${before} seems to be ${after} now: if so, write moved_from: ${before} beside id: ${after} at ${where}`,
      },
      danger: true,
    };
  });
}
