import { readFileSync, readdirSync } from 'node:fs';
import { basename } from 'node:path';

const MIB = 1024;

/** What each server holds now (VmRSS), or the most that it ever held, MiB: this process' children by the names that they were started under. */
export function serverMemory(which: 'VmHWM' | 'VmRSS' = 'VmHWM'): Map<string, number> {
  const held = new Map<string, number>();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      if (!new RegExp(`^PPid:\\s+${process.pid}$`, 'm').test(status)) continue;
      const [program = ''] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      const kibibytes = new RegExp(`^${which}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1];
      held.set(basename(program), Number(kibibytes ?? NaN) / MIB);
    } catch {
      // ended between the list and the look at it
    }
  }
  return held;
}
