import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { clusterTools } from '../tools.ts';

const cli = fileURLToPath(new URL('../../../exporter/cli/main.ts', import.meta.url));

/**
 * A kubectl that goes before the real one on the PATH: no kubelet is there to run anything in a pod, so `exec` runs the
 * command here, with the image's command line and the pod's volume where they are on this machine. Everything else is
 * the real kubectl's.
 */
export async function execHere(folder: string, volume: string): Promise<string> {
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  const script = `#!${process.execPath}
const { spawnSync } = process.getBuiltinModule('node:child_process'); // whatever kind of module its folder makes it
const args = process.argv.slice(2);
const at = args.indexOf('exec');
const here = (word) => word.replace('/opt/greenflops/greenflops.mjs', ${JSON.stringify(cli)}).replaceAll('/var/lib/greenflops', ${JSON.stringify(volume)});
const [program, words] =
  at < 0 ? [${JSON.stringify(join(await clusterTools(), 'kubectl'))}, args] : [process.execPath, args.slice(args.indexOf('--') + 2).map(here)];
process.exitCode = spawnSync(program, words, { stdio: 'inherit' }).status ?? 1;
`;
  const path = join(bin, 'kubectl');
  writeFileSync(path, script);
  chmodSync(path, 0o755);
  return bin;
}
