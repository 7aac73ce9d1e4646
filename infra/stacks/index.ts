import { dispatch } from './dispatch.ts';
import { gangs } from './gangs.ts';
import { guardrails } from './guardrails.ts';
import { ledger } from './ledger.ts';
import { pools } from './pools.ts';
import { queues } from './queues.ts';
import { residency } from './residency.ts';
import type { Stack } from './stack.ts';
import { telemetry } from './telemetry.ts';

/** The one list in which a stack is registered, in the order of their deployment. */
export const stacks: readonly Stack[] = [guardrails, pools, dispatch, queues, gangs, residency, ledger, telemetry];
