import type { Who } from '../api.ts';
import { enter } from '../asks.ts';
import { admin, cleared, lin, ore } from '../people.ts';
import { refusal, type Row } from '../row.ts';

const uncleared = (user: string, level = 'important') =>
  `用户 ${user} 没有 ${level} 级数据的授权，不得进入其 Pod：授权的组为 greenflops:clearance:${level}，请向数据安全负责人申请 / user ${user} has no clearance for data of class ${level} and may not enter its pods: cleared groups are greenflops:clearance:${level}; ask whoever answers for the data's security`;
const entered = (id: string, verb: 'exec' | 'attach' | 'portforward'): Row => ({
  id,
  by: 'policy clearance',
  denied: enter(ore, 'ore-vault', 'live', verb),
  message: refusal('clearance', 'pods "live"', uncleared('ore')),
  twin: enter(cleared, 'ore-vault', 'live', verb),
  twinHears: 'pod live does not have a host assigned',
});

/** Somebody with every right of RBAC and one clearance */
const clearedTo = (level: string): Who => ({
  user: 'ore',
  groups: ['system:masters', `greenflops:clearance:${level}`],
});

export const clearanceRows: readonly Row[] = [
  entered('exec-into-important-data', 'exec'),
  entered('attach-to-important-data', 'attach'),
  entered('port-forward-from-important-data', 'portforward'),
  {
    id: 'exec-by-the-administrator',
    by: 'policy clearance',
    denied: enter(admin, 'ore-vault', 'live', 'exec'),
    message: refusal('clearance', 'pods "live"', uncleared('root')),
    twin: enter(lin, 'copper-train', 'live', 'exec'),
    twinHears: 'pod live does not have a host assigned',
  },
  {
    id: 'exec-into-core-data',
    by: 'policy clearance',
    denied: enter(clearedTo('important'), 'core-vault', 'live', 'exec'),
    message: refusal('clearance', 'pods "live"', uncleared('ore', 'core')),
    twin: enter(clearedTo('core'), 'core-vault', 'live', 'exec'),
    twinHears: 'pods "live" not found',
  },
];
