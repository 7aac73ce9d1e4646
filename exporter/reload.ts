import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { files, fileKeys } from '../model/files.ts';
import { formatFinding } from '../model/finding.ts';
import { loadPlan } from '../model/load.ts';
import { PlanError } from '../model/plan-error.ts';
import type { Plan } from '../model/plan.ts';
import { terminalLanguage } from '../model/terminal-language.ts';

/** A ConfigMap is swapped by symbolic links, which file watchers miss: the files are read again every so often. */
const EVERY_MS = 5000;

/** What is done with a declaration: the exporter. */
interface Taker {
  reload(plan: Plan): Promise<boolean>;
  reloadRefused(): void;
}

interface Log {
  info(what: object, message: string): void;
  error(what: object, message: string): void;
}

export interface ReloadOptions {
  /** Folder of the declaration */
  readonly dir: string;
  readonly exporter: Taker;
  readonly log: Log;
  /** ms between looks at the files; 0: no looks, only `now`. @default 5000 */
  readonly everyMs?: number;
}

export interface Reload {
  /** Loads the declaration, whether its files have changed or not. Never rejects: what is wrong with it is logged. */
  now(): Promise<void>;
  close(): void;
}

/** Of the bytes of all files that are there. */
function digest(dir: string): string {
  const hash = createHash('sha256');
  for (const key of fileKeys) {
    const { name } = files[key];
    try {
      const bytes = readFileSync(join(dir, name));
      hash.update(`${name}\0${bytes.length}\0`).update(bytes);
    } catch (error) {
      hash.update(`${name}\0${String(error)}\0`);
    }
  }
  return hash.digest('hex');
}

/**
 * Takes a changed declaration into use, whole or not at all. A change counts once two looks in a row have found the same
 * bytes, so that a file half written or half copied is not taken for one. A declaration with a fault is told with all
 * its findings, once, and the one before stays; one that only the ledger kept from being used is tried again.
 */
export function watchDeclaration({ dir, exporter, log, everyMs = EVERY_MS }: ReloadOptions): Reload {
  /** Of the files that were loaded, or told to be unusable, last */
  let settled = digest(dir);
  let seen = settled;
  let waiting = 0;
  let running = Promise.resolve();

  async function load(): Promise<void> {
    const found = digest(dir);
    try {
      const plan = loadPlan(dir);
      if (await exporter.reload(plan)) {
        settled = found;
        log.info({ plan: plan.hash.slice(0, 12) }, 'reloaded');
      } else {
        // Not settled: the next look tries again.
        exporter.reloadRefused();
        log.error({ reason: 'the ledger refuses commits' }, 'reload_waits');
      }
    } catch (error) {
      settled = found;
      exporter.reloadRefused();
      const findings = error instanceof PlanError ? error.findings : [];
      for (const one of findings) log.error({ finding: formatFinding(one, terminalLanguage()) }, 'declaration_fault');
      const reason = error instanceof PlanError ? `${findings.length} fault(s)` : String(error);
      log.error({ reason, plan: dir }, 'reload_refused');
    }
  }
  const now = async (): Promise<void> => {
    waiting += 1;
    running = running.then(load);
    await running;
    waiting -= 1;
  };

  const look = (): void => {
    const found = digest(dir);
    const isSteady = found === seen;
    seen = found;
    if (isSteady && found !== settled && waiting === 0) void now();
  };
  const timer = everyMs > 0 ? setInterval(look, everyMs).unref() : undefined;
  return { now, close: () => clearInterval(timer) };
}
