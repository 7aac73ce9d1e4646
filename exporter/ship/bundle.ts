import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { shippedFiles } from './files.ts';

/** `npm run bundle [-- --out DIR]`: writes what ships into a folder, which is emptied before, and prints its sizes. */
const { out } = parseArgs({ options: { out: { type: 'string', default: 'dist/greenflops' } } }).values;

const files = await shippedFiles();
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
for (const { name, body, executable } of files)
  writeFileSync(join(out, name), body, { mode: executable ? 0o755 : 0o644 });

const kib = (bytes: number): string => `${(bytes / 1024).toFixed(1).padStart(9)} KiB`;
for (const { name, body } of files) console.log(`${kib(body.length)}  ${join(out, name)}`);
console.log(`${kib(files.reduce((sum, { body }) => sum + body.length, 0))}  ${files.length} files`);
