import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { finding, type Finding } from './finding.ts';
import { nearest } from './nearest.ts';
import { readYaml, type Source } from './read-yaml.ts';

export interface ReadFile {
  readonly bytes: Buffer;
  /** absent where the file holds nothing that can be checked any further */
  readonly source?: Source;
  readonly findings: readonly Finding[];
}

const MARK = '\ufeff';

/** Reads one file of the declaration; whatever is wrong with it is a finding. `others`: what else lies beside it. */
export function readFile(dir: string, name: string, others: readonly string[]): ReadFile {
  const file = relative('', join(dir, name));
  const start = { file, line: 1, column: 1, path: '', value: null };
  let bytes: Buffer;
  try {
    bytes = readFileSync(join(dir, name));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const missing = finding(start, 'missing_file', {}, nearest(name, others));
    const found = code === 'ENOENT' ? missing : finding(start, 'unreadable', { detail: message });
    return { bytes: Buffer.alloc(0), findings: [found] };
  }
  if (!isUtf8(bytes)) return { bytes, findings: [finding(start, 'not_utf8', {})] };
  const text = bytes.toString();
  if (!text.startsWith(MARK)) return { bytes, ...readYaml(file, text) };
  const { source, findings } = readYaml(file, text.slice(MARK.length));
  return { bytes, source, findings: [finding(start, 'byte_order_mark', {}), ...findings] };
}
