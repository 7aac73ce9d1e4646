import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

/** What ships, as `npm run bundle` writes it, in a folder outside of the repository's tree, with a declaration beside it. */
export interface ShipFolder {
  readonly home: string;
  /** The bundle */
  readonly opt: string;
  readonly plan: string;
  /** Where the ledger may be written */
  readonly state: string;
  /** An environment that knows nothing of the repository */
  readonly env: NodeJS.ProcessEnv;
  remove(): void;
}

export function shipFolder(): ShipFolder {
  const home = mkdtempSync(join(tmpdir(), 'greenflops-ship-'));
  const [opt, plan, state] = [join(home, 'opt'), join(home, 'plan'), join(home, 'state')];
  execFileSync(process.execPath, ['exporter/ship/bundle.ts', '--out', opt]);
  cpSync('plan', plan, { recursive: true });
  mkdirSync(state);
  const env = { PATH: [dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter), GREENFLOPS_LANG: 'en' };
  return { home, opt, plan, state, env, remove: () => rmSync(home, { recursive: true, force: true }) };
}
