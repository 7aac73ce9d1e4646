import { dataClasses } from '../../model/schema/data-class.ts';
import type { Text } from '../../model/text.ts';
import { exporter } from '../stacks/exporter.ts';
import { arrow, type Line, type Subject } from './line.ts';
import type { Live } from './live.ts';
import { listed, same, type Tell } from './telling.ts';

const label = (object: Live | undefined, key: string): string | undefined => object?.metadata.labels?.[key];
const tenantOf = (object: Live): string | undefined => label(object, 'greenflops.io/tenant');

const LEVELS = ['restricted', 'baseline', 'privileged'];
const POD_SECURITY = 'pod-security.kubernetes.io/enforce';

/** Labels of a tenant's namespace that people read, and when their change takes protection away. */
const labels: readonly {
  readonly key: string;
  readonly subject: Subject;
  readonly worse?: (before: string, after: string) => boolean;
}[] = [
  {
    key: 'greenflops.io/data-class',
    subject: 'class',
    worse: (before, after) => dataClasses.indexOf(after as never) < dataClasses.indexOf(before as never),
  },
  { key: 'greenflops.io/jurisdiction', subject: 'class', worse: () => true },
  { key: POD_SECURITY, subject: 'security', worse: (before, after) => LEVELS.indexOf(after) > LEVELS.indexOf(before) },
  { key: 'greenflops.io/priority', subject: 'priority' },
  { key: 'greenflops.io/tenant', subject: 'namespace', worse: () => true },
  { key: 'greenflops.io/action', subject: 'namespace' },
];

const poolsOf = (from: Live | undefined): string[] =>
  Object.keys(from?.metadata.labels ?? {}).flatMap((key) => /^pool\.greenflops\.io\/(.+)$/.exec(key)?.[1] ?? []);

/** Whose a namespace is, its class, its Pod Security level, and the pools that its pods may use. */
export const namespaceLines: Tell = ({ action, object, wanted }) => {
  const { name } = object.metadata;
  const tenant = tenantOf(action === 'add' ? (wanted ?? object) : object);
  const whose: Text =
    tenant === undefined ? same(name) : { zh: `${name}（租户 ${tenant}）`, en: `${name} (tenant ${tenant})` };
  if (action === 'add') {
    const [level, pods] = [label(wanted, 'greenflops.io/data-class'), label(wanted, POD_SECURITY)];
    const more: Text =
      level === undefined
        ? same('')
        : {
            zh: `，数据级别 ${level}，Pod 安全级别 ${pods}`,
            en: `, data class ${level}, pod security ${pods}`,
          };
    return [{ subject: 'namespace', text: { zh: `新建 ${whose.zh}${more.zh}`, en: `${whose.en} is made${more.en}` } }];
  }
  if (action === 'remove')
    return [
      {
        subject: name === exporter.namespace ? 'ledger' : 'namespace',
        text: { zh: `删除 ${whose.zh}，连同其中的一切`, en: `${whose.en} is deleted with all that is in it` },
        danger: true,
      },
    ];
  const lines = labels.flatMap(({ key, subject, worse }): Line[] => {
    const [before, after] = [label(object, key), label(wanted, key)];
    if (before === after) return [];
    const danger = before !== undefined && (after === undefined || worse?.(before, after));
    return [{ subject, text: same(`${name}: ${key} ${arrow(before, after)}`), ...(danger && { danger }) }];
  });
  const changed = listed(name, poolsOf(object), poolsOf(wanted));
  return changed
    ? [...lines, { subject: 'namespace', text: { zh: `${changed}（可用的池）`, en: `${changed} (its pools)` } }]
    : lines;
};
