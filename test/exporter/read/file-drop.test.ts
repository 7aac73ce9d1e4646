import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readDropFile } from '../../../exporter/read/file-drop/drop-file.ts';
import { DropFolder, nameOf, type FolderFile } from '../../../exporter/read/file-drop/drop-folder.ts';

let path: string;
let folder: DropFolder;
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'greenflops-drop-'));
  folder = new DropFolder(path);
});
afterEach(() => rmSync(path, { recursive: true }));

const put = (name: string, text: string | Uint8Array): void => writeFileSync(join(path, name), text);
const look = async () => {
  const { complete, waiting } = await folder.scan();
  return [complete.map(({ name }) => name), waiting.map(({ name }) => name)];
};
const never = new AbortController().signal;
const first = async (): Promise<FolderFile> => {
  await folder.scan();
  const [file] = (await folder.scan()).complete;
  if (file === undefined) throw new Error('no file is complete');
  return file;
};

describe('which files of a folder are whole', () => {
  test('one that two looks find the same; one that grows waits until it does not', async () => {
    put('b.csv', 'x');
    expect(await look()).toEqual([[], ['b.csv']]);
    expect(await look()).toEqual([['b.csv'], []]);
    appendFileSync(join(path, 'b.csv'), 'y');
    put('a.csv', '1');
    expect(await look()).toEqual([[], ['a.csv', 'b.csv']]);
    expect(await look()).toEqual([['a.csv', 'b.csv'], []]);
  });

  test('one that is written anew with the same size is another file', async () => {
    put('a.csv', '1');
    await look();
    put('a.csv', '2');
    utimesSync(join(path, 'a.csv'), 1000, 1000);
    expect(await look()).toEqual([[], ['a.csv']]);
  });

  test('one that grew is not whole, even where its disk says that it did not change', async () => {
    put('a.csv', '1');
    utimesSync(join(path, 'a.csv'), 1000, 1000);
    await look();
    appendFileSync(join(path, 'a.csv'), '2');
    utimesSync(join(path, 'a.csv'), 1000, 1000);
    expect(await look()).toEqual([[], ['a.csv']]);
  });

  test('one that gets its name when it is whole is taken at once', async () => {
    put('a.csv.part', 'whole');
    put('.b.csv', 'whole');
    expect(await look()).toEqual([[], []]);
    renameSync(join(path, 'a.csv.part'), join(path, 'a.csv'));
    renameSync(join(path, '.b.csv'), join(path, 'b.csv'));
    appendFileSync(join(path, 'b.csv'), ' and more');
    expect(await look()).toEqual([['a.csv'], ['b.csv']]);
  });

  test('unfinished names, folders, links and pipes are passed over', async () => {
    for (const name of ['.hidden', 'a.tmp', 'a.TMP', 'a.part', 'a.filepart', 'a.csv~', '.~lock.a.csv#']) put(name, 'x');
    mkdirSync(join(path, 'folder.csv'));
    symlinkSync('/etc/hostname', join(path, 'link.csv'));
    execFileSync('mkfifo', [join(path, 'pipe.csv')]);
    await look();
    expect(await look()).toEqual([[], []]);
  });

  test('a folder that is not there is told by its path and the reason', async () => {
    await expect(new DropFolder(join(path, 'none')).scan()).rejects.toMatchObject({
      failure: 'unreachable',
      message: `folder ${join(path, 'none')}: cannot be listed: ENOENT`,
    });
  });

  test('names from outside are shown without control characters, and not endless', () => {
    expect(nameOf('a\n\u001B[31mb\u2028\u202E.csv')).toBe('a\uFFFD\uFFFD[31mb\uFFFD\uFFFD.csv');
    expect(nameOf('电'.repeat(300))).toBe(`${'电'.repeat(120)}…`);
  });
});

describe('reading a file of a folder', () => {
  test('its bytes, their hash and encoding, whatever its size is to a chunk', async () => {
    const bytes = Buffer.from(`\uFEFF电表,${'0'.repeat(200_000)}`);
    put('a.csv', bytes);
    const read = await readDropFile(path, await first(), never);
    expect(Buffer.concat(read?.chunks ?? [])).toEqual(bytes);
    expect(read).toMatchObject({
      name: 'a.csv',
      encoding: 'utf-8',
      sha256: createHash('sha256').update(bytes).digest('hex'),
    });
    put('a.csv', Buffer.concat([Buffer.alloc(70_000, 'a'), Buffer.from([0xb1, 0xed])]));
    expect(await readDropFile(path, await first(), never)).toMatchObject({ encoding: 'gb18030' });
  });

  test('one that changed since it was looked at, that went away, or that became a link is not read', async () => {
    put('a.csv', 'x');
    const file = await first();
    appendFileSync(join(path, 'a.csv'), 'y');
    expect(await readDropFile(path, file, never)).toBeNull();
    rmSync(join(path, 'a.csv'));
    expect(await readDropFile(path, file, never)).toBeNull();
    symlinkSync('/etc/hostname', join(path, 'a.csv'));
    expect(await readDropFile(path, file, never)).toBeNull();
  });

  test('one that grows while it is read is left for the next look', async () => {
    put('a.csv', 'x'.repeat(4_000_000));
    const file = await first();
    const reading = readDropFile(path, file, never);
    for (let i = 0; i < 50; i++) {
      appendFileSync(join(path, 'a.csv'), 'more');
      await new Promise(setImmediate);
    }
    expect(await reading).toBeNull();
  });

  test('a signal ends it', async () => {
    put('a.csv', 'x');
    const stop = new AbortController();
    stop.abort();
    expect(await readDropFile(path, await first(), stop.signal)).toBeNull();
  });
});
