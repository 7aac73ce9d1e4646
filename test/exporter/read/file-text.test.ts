import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { fileText } from '../../../exporter/read/transport/file-text.ts';
import { Secrets } from '../../../exporter/read/transport/secrets.ts';

const folder = mkdtempSync(join(tmpdir(), 'greenflops-file-text-'));
afterAll(() => rmSync(folder, { recursive: true }));
const read = (name: string, maxBytes?: number) =>
  fileText(pathToFileURL(join(folder, name)), { timeout: 2000, maxBytes }).read(new AbortController().signal);

test('reads a file, and through a symbolic link', async () => {
  writeFileSync(join(folder, '指标 a.prom'), 'a 1\n');
  symlinkSync('指标 a.prom', join(folder, 'link'));
  const answer = { text: 'a 1\n', contentType: null, whole: false, secrets: Secrets.none };
  expect(await read('指标 a.prom')).toEqual(answer);
  expect(await read('link')).toEqual(answer);
});

test('names what it found instead of a file', async () => {
  mkdirSync(join(folder, 'dir'));
  writeFileSync(join(folder, 'empty'), '');
  writeFileSync(join(folder, 'large'), 'a 1\n'.repeat(100));
  symlinkSync('nothing', join(folder, 'dangling'));
  symlinkSync('circle', join(folder, 'circle'));
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  const expected = {
    dir: ['protocol', 'a directory'],
    pipe: ['protocol', 'a device or pipe'],
    empty: ['empty', 'is empty'],
    large: ['too_large', '400 bytes, more than 399'],
    missing: ['unreachable', 'ENOENT'],
    dangling: ['unreachable', 'ENOENT'],
    circle: ['unreachable', 'ELOOP'],
    'empty/below': ['unreachable', 'ENOTDIR'],
  };
  for (const [name, [failure, what]] of Object.entries(expected)) {
    await expect(read(name, 399), name).rejects.toMatchObject({ failure, message: expect.stringContaining(`${what}`) });
    await expect(read(name, 399), name).rejects.toThrow(join(folder, name));
  }
});

test.skipIf(process.getuid?.() === 0)('a file that may not be read (root may read all)', async () => {
  writeFileSync(join(folder, 'secret'), 'a 1\n');
  chmodSync(join(folder, 'secret'), 0);
  await expect(read('secret')).rejects.toMatchObject({ failure: 'refused' });
});
