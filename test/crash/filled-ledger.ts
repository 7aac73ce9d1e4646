import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { EPOCH } from './store-meters.ts';
import { storePlant } from './store-plant.ts';

const child = fileURLToPath(new URL('store-child.ts', import.meta.url));

/** Makes a ledger of so many cycles, or more, whose writer was killed: a part of it is in the write-ahead log alone. */
export async function filledLedger(path: string, cycles: number): Promise<void> {
  const plant = storePlant();
  const writer = spawn(process.execPath, [child, path, plant.file, String(EPOCH)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(writer, 'exit');
  let committed = 0;
  for await (const line of createInterface({ input: writer.stdout })) {
    if (line.startsWith('=')) committed += 1;
    if (committed === cycles) writer.kill('SIGKILL');
  }
  await exit;
  plant.remove();
  if (committed < cycles) throw new Error(`the writer of ${path} ended after ${committed} of ${cycles} cycles`);
}
