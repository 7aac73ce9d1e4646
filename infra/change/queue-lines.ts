import type { RoundingRow } from '../../model/queues/rounding.ts';
import { quotaUnit, unitsOf } from '../../model/quota-unit.ts';
import type { Pool } from '../../model/schema/estate.ts';
import type { Text } from '../../model/text.ts';
import { rounding } from '../queues/rounding.ts';
import type { Change } from './difference.ts';
import { modelOf, pflopsText } from './figures.ts';
import { arrow, type Line } from './line.ts';
import type { Observed } from './observe.ts';
import { ownLines } from './own-lines.ts';
import { isFresh, recordedAs } from './pool-lines.ts';
import { groupIn, creditsIn, reservedIn } from './queue-spec.ts';
import type { Tell } from './telling.ts';

const PER_PFLOPS = 1_000_000; // GFLOPS

/** A tenant's queue: what it was promised and what became of it, what it may borrow and from whom. */
export const queueLines: Tell = (change, observed) => {
  const { action, object, wanted } = change;
  const { name } = object.metadata;
  if (action === 'remove')
    return [
      {
        subject: 'queue',
        text: {
          zh: `删除 ${name}：不再准入它的作业`,
          en: `${name} is removed: none of its jobs is admitted any more`,
        },
        danger: true,
      },
    ];
  const before = action === 'add' ? undefined : object;
  return [
    ...promiseLines(change, observed),
    ...ownLines(change, observed),
    ...borrowLines(name, creditsIn(before)?.borrowing ?? 0, creditsIn(wanted)?.borrowing ?? 0, groupIn(wanted)),
    ...(before && groupIn(before) !== groupIn(wanted)
      ? [
          {
            subject: 'queue' as const,
            text: {
              zh: `${name}：所属组 ${arrow(groupIn(before), groupIn(wanted))}`,
              en: `${name}: group ${arrow(groupIn(before), groupIn(wanted))}`,
            },
          },
        ]
      : []),
    ...belowUse(name, reservedIn(before), creditsIn(wanted)),
  ];
};

const keyOf = ({ pool = '', slice = '' }: { pool?: string | undefined; slice?: string | undefined }) =>
  `${pool} ${slice}`;
const sum = (all: readonly { readonly pflops: number }[]) => all.reduce((total, { pflops }) => total + pflops, 0);

/** Quotas whose promise is new or another; a queue that changes otherwise says nothing here. */
function promiseLines({ action, object }: Change, observed: Observed): Line[] {
  const { name } = object.metadata;
  const { record, live, view } = observed;
  const known = record ?? (isFresh(live) ? { tenants: [] } : undefined);
  const quotas = known?.tenants.find(({ id }) => id === name)?.quota ?? [];
  const rows = rounding(view).filter(({ tenant }) => tenant === name);
  const before = Map.groupBy(quotas, keyOf);
  const told = rows.flatMap((row): Line[] => {
    const was = known ? sum(before.get(keyOf(row)) ?? []) : undefined;
    const changed = action === 'add' || (was !== undefined && was !== row.promised);
    return changed ? [{ subject: 'quota', text: promiseText(row, was, observed) }] : [];
  });
  const gone = [...before]
    .filter(([key]) => !rows.some((row) => keyOf(row) === key))
    .map(([, some]): Line => {
      const on = some[0]?.pool;
      const text = `${name}${on === undefined ? '' : ` ${on}`}: ${pflopsText(sum(some))} → 0 PFlops`;
      return { subject: 'quota', text: { zh: text, en: text } };
    });
  return [...told, ...gone];
}

/** What a quota is short by is less than one of what the pool hands out. */
const less: Readonly<Record<Pool['sharing']['by'], Text>> = {
  whole: { zh: '不足一张卡', en: 'less than a card' },
  dra: { zh: '不足一张卡', en: 'less than a card' },
  slices: { zh: '不足一个切片', en: 'less than a slice' },
  'time-slicing': { zh: '不足一个时间片份额', en: 'less than a turn' },
  hami: { zh: '不足一张卡的 1%', en: 'less than 1 % of a card' },
};

/** `copper-ai on nc-910b: 20 PFlops promised, 63 cards = 19.719 PFlops, 0.281 short (less than a card)` */
function promiseText(row: RoundingRow, was: number | undefined, observed: Observed): Text {
  const { tenant, pool: id, promised, units, unit, compiled, short } = row;
  const moved = was !== undefined && was > 0 && was !== promised ? `${pflopsText(was)} → ` : '';
  const figure = `${moved}${promised}`;
  if (id === undefined || !unit)
    return {
      zh: `${tenant}（任一资源池）：承诺 ${figure} PFlops，算力额度 ${compiled} PFlops`,
      en: `${tenant} on any pool: ${figure} PFlops promised, ${compiled} PFlops of credits`,
    };
  const pool = observed.view.plan.estate.pools.find((one) => one.id === id);
  const by = pool?.sharing.by ?? 'whole';
  // In the units of the pool as it was: a manager's record has none of its workers' pools.
  const past = pool && (recordedAs(observed, pool) ?? pool);
  const model = past && modelOf(observed.view.plan, past);
  const old = model && quotaUnit(past as Pool, model, row.slice);
  const count = `${moved && old ? `${unitsOf(was ?? 0, old)} → ` : ''}${units}`;
  const rest: Text =
    short === '0'
      ? { zh: '', en: '' }
      : { zh: `，少 ${short}（${less[by].zh}）`, en: `, ${short} short (${less[by].en})` };
  return {
    zh: `${tenant}（${id}）：承诺 ${figure} PFlops，${count} ${unit.zh} = ${compiled} PFlops${rest.zh}`,
    en: `${tenant} on ${id}: ${figure} PFlops promised, ${count} ${unit.en} = ${compiled} PFlops${rest.en}`,
  };
}

function borrowLines(name: string, before: number, after: number, group = '–'): Line[] {
  if (before === after) return [];
  const figures = `${before === 0 ? '' : `${pflopsText(before / PER_PFLOPS)} → `}${pflopsText(after / PER_PFLOPS)} PFlops`;
  return [
    {
      subject: 'quota',
      text: {
        zh: `${name}：可向组 ${group} 借用 ${figures}`,
        en: `${name}: may borrow ${figures} from group ${group}`,
      },
    },
  ];
}

/** Kueue evicts nobody for it: what runs goes on, and nothing new starts. */
function belowUse(name: string, held: number, credits: { nominal: number; borrowing: number } | undefined): Line[] {
  const most = (credits?.nominal ?? 0) + (credits?.borrowing ?? 0);
  if (held <= most) return [];
  const [used, cap] = [held, most].map((gflops) => pflopsText(gflops / PER_PFLOPS));
  return [
    {
      subject: 'quota',
      text: {
        zh: `${name}：正在使用 ${used} PFlops，多于新的上限 ${cap}：运行中的作业继续，新的不再开始`,
        en: `${name}: ${used} PFlops are in use, more than the new limit of ${cap}: what runs goes on, and nothing new starts`,
      },
      danger: true,
    },
  ];
}

/** A namespace without its door: jobs there name a queue that is not there. */
export const localQueueLines: Tell = ({ action, object }) => {
  const { namespace = '' } = object.metadata;
  return action === 'remove'
    ? [
        {
          subject: 'queue',
          text: {
            zh: `命名空间 ${namespace} 不再有队列：那里的作业会一直等待`,
            en: `namespace ${namespace} has no queue any more: jobs there wait for ever`,
          },
          danger: true,
        },
      ]
    : [];
};
