import { configured } from './configured.ts';
import type { Right } from './right.ts';

/**
 * What an auditor may do: read how the cluster is set up, rights and policies among it. Never a verb that changes anything,
 * and nothing that holds contents: no secrets, no configmaps, no logs, no exec, no proxy.
 */
export const auditorRights: readonly Right[] = configured;
