import type { Cluster } from '../../infra/cluster.ts';
import { cohortOf, PROVINCE } from '../../infra/queues/kueue.ts';
import { queuesOf } from '../../infra/queues/queues-of.ts';
import { pflopsOfCredits } from '../../model/queues/credits.ts';
import type { TenantQueue } from '../../model/queues/tenant-queues.ts';
import type { Language, Text } from '../../model/text.ts';

const words = {
  title: { zh: '示例省份的 Cohort 树（管理集群）', en: "The example province's cohorts, on its manager" },
  cohort: { zh: 'Cohort', en: 'Cohort' },
  own: { zh: '自有算力额度', en: 'credits of its own' },
  borrow: { zh: '可从同组借', en: 'may be borrowed from the group' },
  chips: { zh: '卡：自有（+ 空闲时可用）', en: 'chips: its own (+ more while idle)' },
} as const satisfies Record<string, Text>;

const WIDTH = 760;
const ROW = 84;
const TOP = 16;
const PROVINCE_AT = 16;
const GROUP_AT = 176;
const TENANT_AT = 336;
const BOX = 128;
const BAR = 230;
const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

const box = (x: number, y: number, name: string, under: string): string =>
  `<rect x="${x}" y="${y - 20}" width="${BOX}" height="40" rx="4" fill="#eef5f3" stroke="#3b7d6e"/>` +
  `<text x="${x + BOX / 2}" y="${y - 3}" text-anchor="middle" font-weight="bold" font-size="11">${escape(name)}</text>` +
  `<text x="${x + BOX / 2}" y="${y + 12}" text-anchor="middle" font-size="10" fill="#666">${escape(under)}</text>`;
const branch = (fromX: number, fromY: number, toX: number, toY: number): string =>
  `<path d="M${fromX} ${fromY}H${(fromX + toX) / 2}V${toY}H${toX}" fill="none" stroke="#888"/>`;

/** By flavour: what is the queue's own, and what more it may use while that is idle. */
const chipsOf = ({ groups }: TenantQueue): string[] =>
  groups.flatMap(({ resources, flavors }) =>
    flavors.flatMap(({ name, shares }) =>
      resources.flatMap((resource, i) => {
        const { nominal, borrowing } = shares[i] ?? { nominal: 0, borrowing: 0 };
        if (resource === 'cpu' || resource === 'memory') return [];
        return [[name, ...(nominal > 0 ? [nominal] : []), ...(borrowing > 0 ? [`(+${borrowing})`] : [])].join(' ')];
      }),
    ),
  );

/** The tree of cohorts with each tenant's figures, drawn from its queues: the same bytes each time. */
export function picture(view: Cluster, language: Language): string {
  const queues = queuesOf(view).toSorted((a, b) => ((a.tenant.group ?? '') < (b.tenant.group ?? '') ? -1 : 1));
  const most = Math.max(...queues.map(({ credits }) => (credits ? credits.nominal + credits.borrowing : 0)));
  const wide = (credits: number): number => Math.round((BAR * credits) / most);
  const middle = (row: number): number => TOP + row * ROW + ROW / 2;
  const groups = Map.groupBy(queues, ({ tenant }) => tenant.group ?? '');
  const tenants = queues.map((queue, row) => {
    const { tenant, credits = { nominal: 0, borrowing: 0 } } = queue;
    const [y, x] = [middle(row), TENANT_AT + 10];
    const figures = [credits.nominal, credits.borrowing].filter((one) => one > 0).map((one) => pflopsOfCredits(one));
    const chips = chipsOf(queue);
    const lines = [chips.slice(0, 2), chips.slice(2)]
      .filter((some) => some.length > 0)
      .map((some) => some.join('  ·  '));
    return [
      `<rect x="${TENANT_AT}" y="${y - 36}" width="${WIDTH - TENANT_AT - 16}" height="72" rx="4" fill="#fff" stroke="#3b7d6e"/>`,
      `<text x="${x}" y="${y - 20}"><tspan font-weight="bold">${escape(tenant.id)}</tspan>  ${escape(tenant.name?.[language] ?? '')}  ·  ${tenant.priority}  ·  ${tenant.data_class}</text>`,
      `<rect x="${x}" y="${y - 11}" width="${wide(credits.nominal)}" height="12" fill="#3b7d6e"/>`,
      `<rect x="${x + wide(credits.nominal)}" y="${y - 11}" width="${wide(credits.borrowing)}" height="12" fill="url(#borrow)" stroke="#3b7d6e"/>`,
      `<text x="${x + wide(credits.nominal + credits.borrowing) + 8}" y="${y}" font-size="11">${figures.join(' + ')} PFlops</text>`,
      ...lines.map(
        (text, i) => `<text x="${x}" y="${y + 16 + 14 * i}" font-size="10" fill="#444">${escape(text)}</text>`,
      ),
    ].join('\n');
  });
  const centres = [...groups].map(([group, own]) => {
    const rows = own.map((queue) => queues.indexOf(queue));
    return { group, rows, y: rows.reduce((sum, row) => sum + middle(row), 0) / rows.length };
  });
  const root = centres.reduce((sum, { y }) => sum + y, 0) / centres.length;
  const height = TOP + queues.length * ROW + 40;
  const foot = TOP + queues.length * ROW + 22;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12" fill="#222">
<title>${escape(words.title[language])}</title>
<defs><pattern id="borrow" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" fill="#fff"/><line y2="6" stroke="#3b7d6e" stroke-width="3"/></pattern></defs>
<rect width="${WIDTH}" height="${height}" fill="#fff"/>
${centres.map(({ group, rows, y }) => (group === '' ? rows.map((row) => branch(PROVINCE_AT + BOX, root, TENANT_AT, middle(row))) : [branch(PROVINCE_AT + BOX, root, GROUP_AT, y), ...rows.map((row) => branch(GROUP_AT + BOX, y, TENANT_AT, middle(row))), box(GROUP_AT, y, cohortOf(group), words.cohort[language])]).join('\n')).join('\n')}
${box(PROVINCE_AT, root, PROVINCE, words.cohort[language])}
${tenants.join('\n')}
<rect x="${PROVINCE_AT}" y="${foot - 10}" width="16" height="11" fill="#3b7d6e"/><text x="${PROVINCE_AT + 22}" y="${foot}" font-size="11">${words.own[language]}</text>
<rect x="${GROUP_AT}" y="${foot - 10}" width="16" height="11" fill="url(#borrow)" stroke="#3b7d6e"/><text x="${GROUP_AT + 22}" y="${foot}" font-size="11">${words.borrow[language]}</text>
<text x="${WIDTH - 16}" y="${foot}" font-size="11" text-anchor="end" fill="#444">${words.chips[language]}</text>
</svg>
`;
}
