import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/** What a command said. */
export interface Answer {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a kubectl that knows nothing of its user: `home` stands for the home folder, so no ~/.kube has a say. */
export async function runKubectl(
  program: string,
  kubeconfig: string,
  home: string,
  args: readonly string[],
  stdin = '',
): Promise<Answer> {
  const { PATH, GOGC } = process.env; // `kubectl diff` starts diff
  const child = spawn(program, args, { env: { PATH, GOGC, HOME: home, KUBECONFIG: kubeconfig, LC_ALL: 'C' } });
  child.stdin.on('error', () => {}); // one that does not read what it is given says why on stderr
  child.stdin.end(stdin);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { code, stdout, stderr };
}
