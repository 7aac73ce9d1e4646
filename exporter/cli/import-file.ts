import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import type { PastFile } from '../account/past/import-past.ts';
import { spanKinds } from '../read/past/energy-columns.ts';
import { readEnergyCsv, type EnergyFile } from '../read/past/energy-csv.ts';
import type { EnergyRows } from '../read/past/energy-rows.ts';
import type { Zone } from '../read/past/energy-time.ts';
import { detectEncoding, type Chunks, type Encoding } from '../read/exposition/text-lines.ts';
import type { Text } from '../../model/text.ts';
import { Exit, exits } from './say.ts';

const CHUNK_BYTES = 64 * 1024;

/** A file piece by piece: five years of ten meters are 25 MB. Each piece is overwritten by the next. */
function* chunksOf(file: string): Chunks {
  try {
    const from = openSync(file, 'r');
    try {
      const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
      for (let size = readSync(from, buffer); size > 0; size = readSync(from, buffer)) yield buffer.subarray(0, size);
    } finally {
      closeSync(from);
    }
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) throw error;
    throw new Exit(exits.runtime, {
      zh: `读不到文件 ${file}：${error.message}。未导入任何内容`,
      en: `the file ${file} cannot be read: ${error.message}. Nothing was imported`,
    });
  }
}

/** Reads one file into `rows`; what it was, for the terminal and for the ledger. */
export function readImportFile(
  file: string,
  forced: Encoding | null,
  zone: Zone,
  rows: Map<string, EnergyRows>,
): EnergyFile & { readonly said: Text; readonly past: PastFile } {
  const encoding = forced ?? detectEncoding(() => chunksOf(file));
  const hash = createHash('sha256');
  const hashed = (function* (): Chunks {
    for (const chunk of chunksOf(file)) {
      hash.update(chunk);
      yield chunk;
    }
  })();
  const read = readEnergyCsv(file, hashed, { encoding, zone }, rows);
  const lines = read.lines.toLocaleString('en-US');
  const name = encoding.toUpperCase();
  const kind = read.kind === null ? null : spanKinds[read.kind].name;
  const cut = read.unended !== null && read.faults.every(({ line }) => line !== read.unended);
  return {
    ...read,
    past: { name: basename(file), sha256: hash.digest('hex') },
    said: {
      zh: [
        `${file}：编码 ${name}`,
        ...(kind ? [`类型 ${kind.zh}`, `${lines} 行`, `未写时区的时间按 ${zone.name}`] : []),
        ...(cut ? [`第 ${read.unended} 行末没有换行，请核对该行是否完整`] : []),
      ].join('，'),
      en: [
        `${file}: ${name}`,
        ...(kind ? [kind.en, `lines: ${lines}`, `times without a zone are ${zone.name}`] : []),
        ...(cut ? [`line ${read.unended} has no line end: check that it is whole`] : []),
      ].join(', '),
    },
  };
}
