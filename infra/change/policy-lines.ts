import type { Text } from '../../model/text.ts';
import type { Change } from './difference.ts';
import type { Line } from './line.ts';

/** Names that stand in a line; of further ones it says that there are some. */
const MOST = 6;

const words = {
  add: { zh: '新建', en: ['is made', 'are made'] },
  change: { zh: '改变', en: ['changes', 'change'] },
  remove: { zh: '删除', en: ['is removed', 'are removed'] },
} as const;

/** All policies in one line for what happens to them: `2 change: images (+registry.example/base), queue`. */
export function policyLines(changes: readonly Change[]): Line[] {
  const own = changes.filter(({ object: { kind } }) => kind === 'ValidatingAdmissionPolicy');
  return [...Map.groupBy(own, ({ action }) => action)].map(([action, some]): Line => {
    const named = some.map((change) => `${change.object.metadata.name.replace(/^greenflops-/, '')}${detail(change)}`);
    const most = action === 'remove' ? named : named.slice(0, MOST);
    const more = most.length < named.length ? ' …' : '';
    const { zh, en } = words[action];
    const text: Text = {
      zh: `${zh} ${some.length} 条：${most.join('、')}${more}`,
      en: `${some.length} ${en[some.length === 1 ? 0 : 1]}: ${most.join(', ')}${more}`,
    };
    return { subject: 'policies', text, ...(action === 'remove' && { danger: true }) };
  });
}

/** What a policy's expressions name: registries, classes, groups. */
const literals = (object: unknown): Set<string> =>
  new Set([...JSON.stringify(object).matchAll(/'([\w.:/@-]+)'/g)].map(([, text = '']) => text.replace(/\/$/, '')));

/** Those that are new or gone, where they are few. */
function detail({ action, object, wanted }: Change): string {
  if (action !== 'change') return '';
  const [before, after] = [literals(object.spec), literals(wanted?.spec)];
  const changed = [
    ...[...after.difference(before)].map((one) => `+${one}`),
    ...[...before.difference(after)].map((one) => `−${one}`),
  ];
  const text = changed.join(' ');
  return changed.length > 0 && text.length <= 60 ? ` (${text})` : '';
}
