import { execFile, type ExecFileException } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cached } from '../../cache.ts';

const requirements = fileURLToPath(new URL('checkov.txt', import.meta.url));
const run = promisify(execFile);

/** Installs checkov once, in the version that checkov.txt pins: 290 MB, about 15 s. The Python that has it. */
export async function checkov(): Promise<string> {
  const folder = await cached('checkov', [requirements], async (made) => {
    console.log('Installing checkov with pip, once on this machine: 290 MB …');
    await run('python3', ['-m', 'venv', made]);
    await run(join(made, 'bin/python'), [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      '-r',
      requirements,
    ]);
  });
  return join(folder, 'bin/python'); // the scripts beside it hold the path that they were installed under
}

/** What one check says of one object (`Kind.namespace.name`, or `resource.ID` of Terraform's). */
export interface Finding {
  readonly check: string;
  readonly object: string;
  /** What the check asks for, in checkov's own words */
  readonly says: string;
}

export interface Judgement {
  readonly passed: readonly Finding[];
  readonly failed: readonly Finding[];
}

interface Row {
  readonly check_id: string;
  readonly check_name: string;
  readonly resource: string;
}
interface Report {
  readonly results?: { readonly passed_checks: readonly Row[]; readonly failed_checks: readonly Row[] };
  readonly summary?: { readonly parsing_errors: number };
}

/** No way out: what it would fetch (links, news of itself) is not part of its judgement. */
const nowhere = 'http://127.0.0.1:9';
const offline = { HTTP_PROXY: nowhere, HTTPS_PROXY: nowhere, http_proxy: nowhere, https_proxy: nowhere, NO_PROXY: '' };

/** What checkov finds in a folder, read as `kubernetes` (YAML) or `terraform_json` (cdk.tf.json). Rejects where it cannot read a file. */
export async function judged(
  python: string,
  framework: 'kubernetes' | 'terraform_json',
  folder: string,
): Promise<Judgement> {
  const args = ['-m', 'checkov.main', '--framework', framework, '--directory', folder];
  const { stdout } = await run(python, [...args, '--skip-download', '--compact', '--output', 'json'], {
    env: { ...process.env, ...offline },
    maxBuffer: 64 << 20,
  }).catch((error: ExecFileException) => {
    if (error.code === 1 && error.stdout) return { stdout: error.stdout }; // 1: there are findings
    throw error;
  });
  const { results, summary } = JSON.parse(stdout) as Report;
  if (!results || summary?.parsing_errors !== 0)
    throw new Error(`checkov could not read ${folder}\n${stdout.slice(-2000)}`);
  return { passed: results.passed_checks.map(finding), failed: results.failed_checks.map(finding) };
}

const finding = ({ check_id, check_name, resource }: Row): Finding => ({
  check: check_id,
  object: resource,
  says: check_name,
});
