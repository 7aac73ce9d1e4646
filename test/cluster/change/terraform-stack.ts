import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { State } from '../../../model/schema/state.ts';
import { addBackend } from '../../../infra/terraform/backend.ts';
import { App, TerraformStack } from '../../../infra/terraform/cdktf.ts';
import type { Answer } from '../kubectl.ts';

/** A stack that needs no provider, with its state where `state` says: what is left to prove is the backend. */
export function writeStack(state: State, key: string, folder: string): string {
  mkdirSync(folder, { recursive: true });
  const app = new App({ outdir: folder });
  const stack = new TerraformStack(app, key);
  addBackend(stack, state, key);
  stack.addOverride('resource.terraform_data.proof', { input: 'kept' });
  app.synth();
  return join(folder, 'stacks', key);
}

/** terraform in a stack's folder, without colour, questions and the state's own lock file on disk; resolves whatever its exit code. */
export async function terraform(folder: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Answer> {
  const child = spawn('terraform', [...args, '-no-color', '-input=false'], {
    cwd: folder,
    env: { ...process.env, CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { code, stdout, stderr };
}
