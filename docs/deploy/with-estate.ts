import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const shipped = fileURLToPath(new URL('../../plan', import.meta.url));

/** Hands over a folder with the shipped declaration and another estate in it, gone afterwards. */
export function withEstate<T>(estate: string, use: (plan: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'greenflops-deploy-'));
  try {
    cpSync(shipped, folder, { recursive: true });
    writeFileSync(join(folder, 'estate.yaml'), estate);
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
