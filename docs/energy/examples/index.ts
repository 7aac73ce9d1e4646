import type { Example } from '../example.ts';
import * as boundary from './boundary.ts';
import * as budget from './budget.ts';
import * as carbon from './carbon.ts';
import * as changes from './changes.ts';
import * as gaps from './gaps.ts';
import * as province from './province.ts';

/** The worked examples in the order of the page; the one list in which a file of them is registered. */
export const examples: readonly Example[] = [gaps, changes, boundary, province, budget, carbon].flatMap((file) =>
  Object.values(file),
);
