import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireTerraform } from '../../../infra/deploy/terraform.ts';
import { state } from '../../../model/schema/state.ts';
import type { Check } from '../../tally.ts';
import { httpState } from './http-state.ts';
import { startS3 } from './moto.ts';
import { postgresPrograms, startPostgres } from './postgres.ts';
import { terraform, writeStack } from './terraform-stack.ts';

const key = 'prove-pools';

/** init, apply, and a plan from another folder that finds nothing to do: the state is where the backend keeps it. */
async function keeps(folder: string, declared: unknown, env: NodeJS.ProcessEnv): Promise<string> {
  const parsed = state.parse(declared);
  const must = async (at: string, ...args: string[]): Promise<void> => {
    const { code, stdout, stderr } = await terraform(at, args, env);
    assert.equal(code, 0, `terraform ${args.join(' ')}: exit code ${code}\n${stdout}${stderr}`);
  };
  const first = writeStack(parsed, key, join(folder, 'first'));
  await must(first, 'init');
  await must(first, 'apply', '-auto-approve');
  const second = writeStack(parsed, key, join(folder, 'second'));
  await must(second, 'init');
  await must(second, 'plan', '-detailed-exitcode');
  // The stack of a renamed cluster: other id, same key. A new key would plan one creation, exit code 2.
  const other = writeStack(parsed, 'other-pools', join(folder, 'other'));
  await must(other, 'init');
  assert.equal((await terraform(other, ['plan', '-detailed-exitcode'], env)).code, 2, 'another key is another state');
  const json = readFileSync(join(first, 'cdk.tf.json'), 'utf8');
  for (const secret of ['hunter2', 'greenflops@127'])
    assert.ok(!json.includes(secret), 'no credential in the synthesised JSON');
  return second;
}

/** What Terraform says of a state that somebody else has locked. */
async function locked(folder: string, env: NodeJS.ProcessEnv): Promise<void> {
  const { code, stderr } = await terraform(folder, ['apply', '-auto-approve', '-lock-timeout=0s'], env);
  assert.equal(code, 1, 'a locked state is not written');
  assert.match(stderr, /Error acquiring the state lock/);
}

async function local(folder: string): Promise<void> {
  const states = join(folder, 'states');
  const kept = { backend: 'local', folder: states.slice(1) };
  const cwd = process.cwd();
  process.chdir('/'); // the folder of a declaration is relative to where it is deployed from
  try {
    await keeps(folder, kept, {});
  } finally {
    process.chdir(cwd);
  }
  assert.ok(existsSync(join(states, `terraform.${key}.tfstate`)));
}

async function http(folder: string): Promise<void> {
  const server = await httpState('greenflops', 'hunter2');
  try {
    const env = { TF_HTTP_USERNAME: 'greenflops', TF_HTTP_PASSWORD: 'hunter2' };
    const stack = await keeps(folder, { backend: 'http', url: server.url }, env);
    assert.match(server.states.get(`/states/${key}`) ?? '', /"value":"kept"|"kept"/);
    assert.equal(server.locks.size, 0, 'every lock was given back');
    server.locks.set(
      `/states/${key}`,
      JSON.stringify({ ID: '1', Operation: 'OperationTypeApply', Who: 'somebody@else' }),
    );
    await locked(stack, env);
  } finally {
    await server.stop();
  }
}

async function pg(folder: string): Promise<void> {
  const programs = postgresPrograms();
  assert.ok(programs);
  const server = await startPostgres(programs);
  try {
    await keeps(folder, { backend: 'pg' }, { PG_CONN_STR: server.url });
  } finally {
    server.stop();
  }
}

async function s3(folder: string): Promise<void> {
  const server = await startS3();
  try {
    const env = {
      AWS_ACCESS_KEY_ID: 'greenflops',
      AWS_SECRET_ACCESS_KEY: 'hunter2',
      AWS_EC2_METADATA_DISABLED: 'true',
    };
    const made = await fetch(`${server.url}/states`, { method: 'PUT' });
    assert.equal(made.status, 200, 'the bucket is made');
    const stack = await keeps(
      folder,
      { backend: 's3', bucket: 'states', region: 'jiangxi-1', endpoint: server.url },
      env,
    );
    const lock = `${server.url}/states/greenflops/${key}.tfstate.tflock`;
    assert.equal((await fetch(lock)).status, 404, 'the lock was given back');
    const somebody = {
      ID: '1',
      Operation: 'OperationTypeApply',
      Who: 'somebody@else',
      Version: '1.11.4',
      Created: '2026-11-30T00:00:00Z',
    };
    assert.equal((await fetch(lock, { method: 'PUT', body: JSON.stringify(somebody) })).status, 200);
    await locked(stack, env);
  } finally {
    await server.stop();
  }
}

/** Each backend of the schema with a real server, as far as one can be had here. */
export function backendChecks(): Check[] {
  const noTerraform = ((): string | undefined => {
    try {
      requireTerraform();
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
    return undefined;
  })();
  const noPostgres =
    postgresPrograms() === undefined ? 'no PostgreSQL here (Debian: apt-get install postgresql)' : undefined;
  const inFolder = (run: (folder: string) => Promise<void>) => async (): Promise<void> => {
    const folder = mkdtempSync(join(tmpdir(), 'greenflops-backend-'));
    try {
      await run(folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
  return [
    ['state in a local folder', inFolder(local), noTerraform],
    ['state over http, with its locks', inFolder(http), noTerraform],
    ['state in PostgreSQL', inFolder(pg), noTerraform ?? noPostgres],
    ['state in an S3 server that is not Amazon’s, locked by a file', inFolder(s3), noTerraform],
  ];
}
