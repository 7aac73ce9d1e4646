import type { Text } from '../../model/text.ts';
import { SOMEBODY, type Change } from './difference.ts';
import { arrow, shownValue, subjects, type Line, type Subject } from './line.ts';
import { kindOf, nameOf } from './key.ts';
import { ofLedger } from './live.ts';
import { nodeLines } from './node-lines.ts';
import type { Observed } from './observe.ts';
import { poolLines } from './pool-lines.ts';
import { quotaLines } from './quotas.ts';
import { place } from './record.ts';
import { renameLines } from './renames.ts';
import { tellings } from './tellings.ts';

const isRecord = ({ object: { metadata } }: Change): boolean =>
  metadata.namespace === place.namespace && metadata.name === place.name;

/** Everything that a deploy would change on a cluster, in users' units; [] where nothing would. `dir`: the declaration's folder. */
export function changeLines(observed: Observed, dir: string): Line[] {
  const told = new Set<Change>();
  const going = new Set(
    observed.changes.flatMap(({ action, object }) =>
      action === 'remove' && object.kind === 'Namespace' ? [object.metadata.name] : [],
    ),
  );
  // Where a field was changed from outside, a deploy takes it back: that is told as such, and not as a change of the declaration.
  const own = observed.changes.map((change): Change => ({
    ...change,
    fields: change.fields.filter((one) => one.outside === undefined),
  }));
  const byKind = observed.changes.flatMap((change, i) => {
    const declared = own[i];
    // What goes with its namespace needs no line of its own, and what was deleted from outside has one below.
    if (change.deleted || (change.action === 'remove' && going.has(change.object.metadata.namespace ?? ''))) {
      told.add(change);
      return [];
    }
    if (!declared || (change.action === 'change' && declared.fields.length === 0)) return [];
    // On a cluster that holds nothing yet, what holds for every tenant is counted.
    const row =
      observed.live.size === 0 && change.object.metadata.namespace === undefined && change.object.kind !== 'Namespace';
    const lines = row ? [] : (tellings[kindOf(change.object)]?.tell?.(change) ?? []);
    if (lines.length > 0 || change.object.kind === 'ResourceQuota') told.add(change);
    return lines;
  });
  const { written, missing } = nodeLines(observed);
  const lines: Line[] = [
    ...renameLines(observed, dir),
    ...poolLines(observed),
    ...quotaLines(
      observed,
      own.filter(({ action, fields }) => action !== 'change' || fields.length > 0),
    ),
    ...byKind,
    ...written,
    ...missing,
    ...observed.changes.flatMap(outside),
    ...observed.refused.map((text): Line => ({ subject: 'refused', text, danger: true })),
    ...rest(
      observed.changes.filter(
        (change, i) =>
          !told.has(change) && !isRecord(change) && (change.action !== 'change' || (own[i]?.fields.length ?? 0) > 0),
      ),
    ),
  ];
  const order = Object.keys(subjects);
  return lines.toSorted((a, b) => order.indexOf(a.subject) - order.indexOf(b.subject));
}

/** True where a deploy would write anything; taints and absent nodes are told, and no deploy changes them. */
export const changesAnything = (observed: Observed): boolean =>
  observed.changes.some((change) => change.action !== 'remove' || !ofLedger(change.object)) ||
  nodeLines(observed).written.length > 0;

const outside = ({ object, fields, deleted }: Change): Line[] =>
  deleted
    ? [
        {
          subject: 'outside',
          text: {
            zh: `${nameOf(object)} 被人删除（部署会补回）`,
            en: `${nameOf(object)} was deleted by somebody; a deploy brings it back`,
          },
          danger: true,
        },
      ]
    : fields.flatMap(({ path, before, after, outside: by, added }): Line[] => {
        if (by === undefined) return [];
        const hand = by === SOMEBODY ? { zh: '有人', en: 'somebody' } : { zh: by, en: by };
        const field = path.join('.');
        const text: Text = added
          ? {
              zh: `${nameOf(object)} 的 ${field} 由 ${hand.zh} 加上，为 ${shownValue(before)}（声明没有它，部署会去掉）`,
              en: `${nameOf(object)}: ${hand.en} added ${field}, ${shownValue(before)}; the declaration has none, and a deploy removes it`,
            }
          : {
              zh: `${nameOf(object)} 的 ${field} 被 ${hand.zh} 改动：${arrow(before, after)}（部署会改回）`,
              en: `${nameOf(object)}: ${hand.en} edited ${field}; a deploy takes it back, ${arrow(before, after)}`,
            };
        return [{ subject: 'outside' satisfies Subject, text, danger: true }];
      });

/** What no line tells, counted: `3 NetworkPolicy new`. */
function rest(changes: readonly Change[]): Line[] {
  const words = {
    add: { zh: '新建', en: 'new' },
    change: { zh: '改变', en: 'changed' },
    remove: { zh: '删除', en: 'removed' },
  } as const;
  return [...Map.groupBy(changes, ({ action }) => action)].map(([action, all]): Line => {
    const counts = [...Map.groupBy(all, ({ object }) => object.kind)].map(([kind, some]) => `${some.length} ${kind}`);
    const list = counts.toSorted().join(', ');
    return { subject: 'rest', text: { zh: `${words[action].zh}：${list}`, en: `${words[action].en}: ${list}` } };
  });
}
