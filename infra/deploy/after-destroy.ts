import { keyOf } from '../change/key.ts';
import { isDefaultAccount, ofLedger } from '../change/live.ts';
import type { Observed } from '../change/observe.ts';
import type { DeclaredStack } from '../declared.ts';

/** A cluster beside what a destroy leaves of the declaration, so that the removal is told in diff's words. */
export function afterDestroy(observed: Observed, chosen: readonly DeclaredStack[], whole: boolean): Observed {
  const declared = new Set(chosen.flatMap(({ objects }) => objects.map(keyOf)));
  const gone = [...observed.live.values()].filter(
    (object) => (declared.has(keyOf(object)) || whole) && !ofLedger(object) && !isDefaultAccount(object),
  );
  const pools = chosen.some(({ stack }) => stack.name === 'pools');
  const { view, stacks } = observed;
  return {
    ...observed,
    chosen: chosen.map((stack) => ({ ...stack, objects: [] })),
    stacks: stacks.filter(({ id }) => !chosen.some((one) => one.id === id)),
    view: pools ? { ...view, pools: [], tenants: [] } : view,
    changes: gone.map((object) => ({ action: 'remove', object, fields: [] })),
    refused: [],
    missing: [],
  };
}
