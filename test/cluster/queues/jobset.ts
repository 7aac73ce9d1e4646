import { execFile } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cached } from '../../cache.ts';

const module = fileURLToPath(new URL('jobset', import.meta.url));
const CRD = 'jobset.x-k8s.io_jobsets.yaml';

/** JobSet's CRD, from the version that jobset/go.mod pins: downloaded once, 1 MB. The file's path. */
export async function jobsetCrd(): Promise<string> {
  const folder = await cached('jobset', [join(module, 'go.mod'), join(module, 'go.sum')], async (made) => {
    const { stdout } = await promisify(execFile)('go', ['mod', 'download', '-json', 'sigs.k8s.io/jobset'], {
      cwd: module,
    });
    const { Dir: source } = JSON.parse(stdout) as { Dir: string };
    cpSync(join(source, 'config/components/crd/bases', CRD), join(made, CRD));
  });
  return join(folder, CRD);
}
