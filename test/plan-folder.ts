import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const shipped = fileURLToPath(new URL('../plan', import.meta.url));

/** A folder with the shipped declaration and an estate of its own; `remove` when done. */
export function planFolder(estate: string): { dir: string; remove: () => void } {
  const dir = mkdtempSync(join(tmpdir(), 'greenflops-plan-'));
  cpSync(shipped, dir, { recursive: true });
  writeFileSync(join(dir, 'estate.yaml'), estate);
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}
