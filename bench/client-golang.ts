import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cached } from '../test/cache.ts';

const module = fileURLToPath(new URL('client-golang', import.meta.url));
const inputs = ['go.mod', 'go.sum', 'main.go'].map((name) => join(module, name));

/** The renderer of Go's client library, built once from what go.mod pins and kept in the user's cache. Rejects without Go. */
export async function clientGolang(): Promise<string> {
  const folder = await cached('client-golang', inputs, async (unfinished) => {
    await promisify(execFile)('go', ['build', '-ldflags=-s -w', '-o', unfinished, '.'], { cwd: module });
  });
  return join(folder, 'client-golang');
}

/** CPU ns that it takes to gather and encode one series, of so many. */
export async function goRendering(series: number, runs: number): Promise<number> {
  const { stdout } = await promisify(execFile)(await clientGolang(), [String(series), String(runs)]);
  return (JSON.parse(stdout) as { ns_a_series: number }).ns_a_series;
}
