import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { Stop } from '../say.ts';

export interface Answer {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** kubectl in one context of the user's kubeconfig, with the user's own rights. */
export class Kubectl {
  readonly context: string;
  constructor(context: string) {
    this.context = context;
  }

  /** Resolves whatever the exit code; throws Stop where there is no kubectl. */
  async run(args: readonly string[], stdin = ''): Promise<Answer> {
    const child = spawn('kubectl', ['--context', this.context, ...args]);
    child.stdin.on('error', () => {}); // one that does not read what it is given says why on stderr
    child.stdin.end(stdin);
    const closed = once(child, 'close') as Promise<[number | null]>;
    try {
      const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
      return { code, stdout, stderr };
    } catch (error) {
      throw new Stop({
        zh: `无法运行 kubectl（${message(error)}）：请安装 kubectl 并放入 PATH`,
        en: `kubectl does not run (${message(error)}): install it and put it on the PATH`,
      });
    }
  }

  /** What kubectl wrote; throws Stop with its complaint where it fails. */
  async need(args: readonly string[], stdin?: string): Promise<string> {
    const { code, stdout, stderr } = await this.run(args, stdin);
    if (code === 0) return stdout;
    const asked = `kubectl --context ${this.context} ${args.join(' ')}`;
    throw new Stop({
      zh: `命令失败：${asked}（退出码 ${code}）\n${stderr.trim()}`,
      en: `failed: ${asked} (exit code ${code})\n${stderr.trim()}`,
    });
  }

  async json<T>(args: readonly string[], stdin?: string): Promise<T> {
    return JSON.parse(await this.need([...args, '-o', 'json'], stdin)) as T;
  }

  /** The items of a list; none where kubectl says that nothing is there. */
  async items<T>(args: readonly string[], stdin?: string): Promise<readonly T[]> {
    const said = await this.need([...args, '-o', 'json'], stdin);
    if (said.trim() === '') return [];
    const answer = JSON.parse(said) as { readonly items?: readonly T[] };
    return answer.items ?? [answer as T];
  }
}

const message = (error: unknown): string => (error instanceof Error ? error.message : String(error));
