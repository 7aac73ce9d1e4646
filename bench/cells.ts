import type { Result } from './entry.ts';

const text = (value: number): string => value.toPrecision(3).replace(/e\+?(.*)/, (_, power) => `e${power}`);

/** How many times better than the peer: less time or memory, more work done. */
export function ratioOf({ value, peer, unit }: Result): number | null {
  if (!peer) return null;
  return unit.endsWith('/s') ? value / peer.value : peer.value / value;
}

/** null: no budget is set for it. */
export function verdictOf({ value, budget }: Result): 'holds' | 'broken' | null {
  if (!budget) return null;
  return (budget.at === 'most' ? value <= budget.limit : value >= budget.limit) ? 'holds' : 'broken';
}

/** A result as texts: what, here, beside, better by, budget. */
export function cellsOf(result: Result): string[] {
  const { name, unit, value, peer, budget } = result;
  const ratio = ratioOf(result);
  return [
    name,
    `${text(value)} ${unit}`,
    peer ? `${text(peer.value)} ${unit} (${peer.name})` : '',
    ratio === null ? '' : `${text(ratio)} x`,
    budget ? `${budget.at === 'most' ? '<=' : '>='} ${budget.limit} ${unit}` : '',
  ];
}
