import type { Text } from '../../model/text.ts';
import { SOMEBODY, type Change } from './difference.ts';
import { arrow, shownValue, subjects, type Line, type Subject } from './line.ts';
import { kindOf, nameOf } from './key.ts';
import { leftLines } from './left-lines.ts';
import { ofLedger } from './live.ts';
import { nodeLines } from './node-lines.ts';
import type { Observed } from './observe.ts';
import { policyLines } from './policy-lines.ts';
import { poolLines } from './pool-lines.ts';
import { quotaLines } from './quotas.ts';
import { isRecord } from './record.ts';
import { renameLines } from './renames.ts';
import { strangerLines } from './strangers.ts';
import { isSubject, subjectText } from './subjects-of.ts';
import { tellings } from './tellings.ts';

/** Told together, over many objects. */
const SUMMED = new Set(['ResourceQuota', 'ValidatingAdmissionPolicy']);

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
    const lines = tellings[kindOf(change.object)]?.tell?.(change, observed) ?? [];
    if (lines.length > 0 || SUMMED.has(change.object.kind)) told.add(change);
    return lines;
  });
  const { written, missing } = nodeLines(observed);
  const declared = own.filter(({ action, fields, deleted }) => !deleted && (action !== 'change' || fields.length > 0));
  const lines: Line[] = [
    ...renameLines(observed, dir),
    ...poolLines(observed),
    ...quotaLines(observed, declared),
    ...leftLines(observed),
    ...policyLines(declared),
    ...byKind,
    ...written,
    ...missing,
    ...observed.changes.flatMap(outside),
    ...strangerLines(observed.strangers),
    ...[...observed.missing, ...observed.refused].map((text): Line => ({ subject: 'refused', text, danger: true })),
    ...rest(
      observed.changes.filter(
        (change, i) =>
          !told.has(change) &&
          !isRecord(change.object) &&
          (change.action !== 'change' || (own[i]?.fields.length ?? 0) > 0),
      ),
    ),
  ];
  const order = Object.keys(subjects);
  // A tenant's namespaces say the same, each of them.
  const once = [...new Map(lines.map((line) => [`${line.subject} ${line.text.en}`, line])).values()];
  return once.toSorted((a, b) => order.indexOf(a.subject) - order.indexOf(b.subject));
}

/** True where a deploy would write anything; taints and absent nodes are told, and no deploy changes them. */
export const changesAnything = (observed: Observed): boolean =>
  observed.changes.some((change) => change.action !== 'remove' || !ofLedger(change.object)) ||
  nodeLines(observed).written.length > 0;

/** Names and hands take their part of the line. */
const SHORT = 60;

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
        const hand = by === SOMEBODY ? { zh: '被人', en: 'somebody' } : { zh: `被 ${by} `, en: by };
        const field = path.join('.');
        const who = namesChanged(before, after);
        const [what, back] = who === undefined ? ['', `, ${arrow(before, after, SHORT)}`] : [`, ${who}`, ''];
        const text: Text = added
          ? {
              zh: `${nameOf(object)} 的 ${field} ${hand.zh}加上，为 ${shownValue(before, SHORT)}（声明没有它，部署会去掉）`,
              en: `${nameOf(object)}: ${hand.en} added ${field}, ${shownValue(before, SHORT)}; the declaration has none, and a deploy removes it`,
            }
          : {
              zh: `${nameOf(object)} 的 ${field} ${hand.zh}改动：${who ?? arrow(before, after, SHORT)}（部署会改回）`,
              en: `${nameOf(object)}: ${hand.en} edited ${field}${what}; a deploy takes it back${back}`,
            };
        return [{ subject: 'outside' satisfies Subject, text, danger: true }];
      });

/** Who was put into a list and who was taken out of it, where it holds people or groups. */
function namesChanged(before: unknown, after: unknown): string | undefined {
  const [has, should] = [before, after].map((list) =>
    Array.isArray(list) && list.every(isSubject) ? list.map(subjectText) : undefined,
  );
  if (!has || !should) return undefined;
  return [
    ...has.filter((one) => !should.includes(one)).map((one) => `+${one}`),
    ...should.filter((one) => !has.includes(one)).map((one) => `−${one}`),
  ].join(' ');
}

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
