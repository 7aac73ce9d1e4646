import { readFileSync } from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';
import { check } from '../../../exporter/cli/check.ts';
import { planFolder } from '../../plan-folder.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** What `greenflops check` says of a declaration, line by line. */
async function said(estate: string, language: 'zh' | 'en'): Promise<string[]> {
  const { dir, remove } = planFolder(estate);
  const lines: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  vi.stubEnv('GREENFLOPS_LANG', language);
  try {
    await check.parseAsync(['--plan', dir], { from: 'user' });
    return lines;
  } finally {
    log.mockRestore();
    remove();
  }
}

test('a right declaration with clusters is told what else is checked, and where', async () => {
  const province = readFileSync('docs/scheduling/estate.yaml', 'utf8');
  const [en, zh] = [await said(province, 'en'), await said(province, 'zh')];
  expect(en).toEqual([expect.stringContaining('is right: 2 sites'), expect.stringContaining('npm run synth')]);
  expect(zh).toEqual([expect.stringContaining('正确：2 个园区'), expect.stringContaining('npm run synth')]);
});

test('one without clusters is not', async () => {
  const site = '{ id: s, name: { zh: 站, en: Site }, grid: jiangxi, profile: new-large-2025, it_rated_kw: 1 }';
  const bare = `schema: greenflops/v1\nsites: [${site}]\n`;
  expect(await said(bare, 'en')).toEqual([expect.stringContaining('is right: 1 sites')]);
});
