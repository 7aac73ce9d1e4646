import { guardrails } from './guardrails.ts';
import { ledger } from './ledger.ts';
import { pools } from './pools.ts';
import { queues } from './queues.ts';
import type { Stack } from './stack.ts';
import { telemetry } from './telemetry.ts';

/** The one list in which a stack is registered, in the order of their deployment. */
export const stacks: readonly Stack[] = [guardrails, pools, queues, ledger, telemetry];
