import type { Meter } from '../../../model/schema/meter.ts';
import type { Junction } from './closure-tree.ts';
import type { HourBook } from '../ledger/hour-book.ts';
import { METERED_SHARE } from '../ledger/meter-account.ts';
import { sumSpan } from '../ledger/span-sum.ts';

/** Energies above and below a junction over the same counted hours. */
export interface Balance {
  readonly aboveMillijoules: bigint;
  readonly belowMillijoules: bigint;
  /** Below is more than above by more than the errors of all the meters, did they all point the unlucky way. */
  readonly exceeds: boolean;
}

/** Per cent of a reading, for a meter that declares no class. */
const UNDECLARED_CLASS = 1;
/** Current transformers add theirs (class 0.5). */
const TRANSFORMER_CLASS = 0.5;

/** @returns null where fewer than 95 % of the hours of [from, to) have all meters of both sides metered */
export function balanceOf(
  book: HourBook,
  { above, below }: Pick<Junction, 'above' | 'below'>,
  meters: ReadonlyMap<string, Pick<Meter, 'accuracy_class'>>,
  span: { readonly from: number; readonly to: number },
): Balance | null {
  const sum = sumSpan(book, [{ since: 0, sides: { facility: above, it: below } }], span);
  if (sum.countedMs < METERED_SHARE * (span.to - span.from)) return null;
  const { facility, it } = sum.millijoules;
  const errors = [...sum.parts.facility, ...sum.parts.it].map(({ meter, millijoules }) => {
    const share = (meters.get(meter)?.accuracy_class ?? UNDECLARED_CLASS) + TRANSFORMER_CLASS;
    return (Math.abs(millijoules) * share) / 100;
  });
  return {
    aboveMillijoules: facility,
    belowMillijoules: it,
    exceeds: Number(it - facility) > errors.reduce((total, error) => total + error, 0),
  };
}
