import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadPlan } from '../../model/load.ts';

test.each(['README.md', 'README.zh.md'])('the estate in %s is accepted as it stands', (file) => {
  const [, estate = ''] = /```yaml\n(.*?)```/s.exec(readFileSync(file, 'utf8')) ?? [];
  const folder = mkdtempSync(join(tmpdir(), 'greenflops-readme-'));
  try {
    cpSync('plan', folder, { recursive: true });
    writeFileSync(join(folder, 'estate.yaml'), estate);
    expect(loadPlan(folder).estate.meters.map(({ source }) => source.protocol)).toEqual(['modbus-tcp', 'exposition']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
