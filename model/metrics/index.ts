import type { Metric } from './metric.ts';
import * as budget from './budget.ts';
import * as carbon from './carbon.ts';
import * as closure from './closure.ts';
import * as compute from './compute.ts';
import * as energy from './energy.ts';
import * as fileDrop from './file-drop.ts';
import * as info from './info.ts';
import * as plan from './plan.ts';
import * as pue from './pue.ts';
import * as queues from './queues.ts';
import * as self from './self.ts';
import * as source from './source.ts';

/** The metric catalogue, the one list in which an area is registered; in the order of /metrics. */
export const catalogue: readonly Metric[] = [
  pue,
  budget,
  energy,
  compute,
  queues,
  carbon,
  closure,
  plan,
  source,
  fileDrop,
  info,
  self,
].flatMap((area) => Object.values(area));

/** What a process says of itself. Events are counted in the ledger, by site. */
const own = new Set<Metric>(Object.values(self).filter(({ labels }) => !labels.some((label) => label === 'site')));

/** The families of the ledger: who holds it exposes them, and their series go on whichever process that is. */
export const ledgerFamilies: readonly Metric[] = catalogue.filter((row) => !own.has(row));
