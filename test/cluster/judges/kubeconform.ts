import { execFile, type ExecFileException } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cached } from '../../cache.ts';

const module = fileURLToPath(new URL('kubeconform', import.meta.url));

/** Builds kubeconform once from the version that kubeconform/go.mod pins: about 10 s with the downloads. The program's path. */
export async function kubeconform(): Promise<string> {
  const inputs = ['go.mod', 'go.sum'].map((name) => join(module, name));
  const folder = await cached('kubeconform', inputs, async (made) => {
    console.log('Building kubeconform, once on this machine: about 10 s, with the downloads …');
    const env = { ...process.env, GOBIN: made };
    await promisify(execFile)('go', ['install', '-ldflags=-s -w', 'tool'], { cwd: module, env });
  });
  return join(folder, 'kubeconform');
}

interface Resource {
  readonly kind: string;
  readonly name: string;
  /** Empty for a document without an object, as the comment at the head of a file is one */
  readonly status: '' | 'statusValid' | 'statusInvalid' | 'statusError' | 'statusSkipped';
  readonly msg: string;
}

export interface Verdict {
  /** `kind/name` of the objects that were found right */
  readonly valid: readonly string[];
  /** A line for each object that was found wrong, or that could not be judged */
  readonly complaints: readonly string[];
}

/** What kubeconform says of files or folders by the schemas of `openapiSchemas`, strictly; it asks no network. */
export async function conforms(program: string, schemas: string, paths: readonly string[]): Promise<Verdict> {
  const location = join(schemas, '{{.Group}}_{{.ResourceAPIVersion}}_{{.ResourceKind}}.json');
  const args = ['-strict', '-verbose', '-output=json', `-schema-location=${location}`, ...paths];
  // Exit code 1 says that something is wrong, and stdout says what.
  const { stdout } = await promisify(execFile)(program, args).catch((error: ExecFileException) => {
    if (error.code === 1 && error.stdout) return { stdout: error.stdout };
    throw error;
  });
  const { resources } = JSON.parse(stdout) as { resources: readonly Resource[] };
  const valid = resources.filter(({ status }) => status === 'statusValid');
  const rest = resources.filter(({ status }) => status !== 'statusValid' && status !== '');
  return {
    valid: valid.map(({ kind, name }) => `${kind}/${name}`),
    complaints: rest.map(({ kind, name, status, msg }) => `${kind}/${name}: ${status}: ${msg}`),
  };
}
