import { matchesGlob } from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { Text } from '../../model/text.ts';
import type { DeclaredStack } from '../declared.ts';
import { inWords, Stop } from '../say.ts';
import type { Options } from './options.ts';
import { verbs } from './verbs.ts';

/** What one run is about. */
export interface Run {
  readonly options: Options;
  readonly declared: readonly DeclaredStack[];
  /** Those named, or all that the verb means */
  readonly chosen: readonly DeclaredStack[];
  /** true: no stack was named */
  readonly whole: boolean;
}

/** The stacks that a command line means. Throws Stop at a name that no stack has. */
export function choose(
  verb: string,
  declared: readonly DeclaredStack[],
  { stacks: named }: Options,
): Pick<Run, 'chosen' | 'whole'> {
  if (named.length === 0) {
    const ids = new Set((verbs[verb]?.(declared) ?? []).flat());
    return { chosen: declared.filter(({ id }) => ids.has(id)), whole: true };
  }
  const unknown = named.find((pattern) => !declared.some(({ id }) => matchesGlob(id, pattern)));
  if (unknown !== undefined)
    throw new Stop({
      zh: `没有名为 ${unknown} 的栈；声明中有：${declared.map(({ id }) => id).join(' ')}`,
      en: `no stack is called ${unknown}; declared are ${declared.map(({ id }) => id).join(' ')}`,
    });
  return { chosen: declared.filter(({ id }) => named.some((pattern) => matchesGlob(id, pattern))), whole: false };
}

export const ofCluster = (chosen: readonly DeclaredStack[], id: string): readonly DeclaredStack[] =>
  chosen.filter(({ cluster }) => cluster.id === id);

/** Says which of the two ways is taken. */
export function sayWay({ kubectl }: Options): void {
  console.log(
    kubectl
      ? inWords({
          zh: '方式：kubectl（服务端应用，字段管理者 greenflops），不用 Terraform',
          en: 'by kubectl (server-side apply, field manager greenflops), without Terraform',
        })
      : inWords({ zh: '方式：Terraform（cdktf）', en: 'by Terraform (cdktf)' }),
  );
}

/** Asks on the terminal. Throws Stop at any answer but yes. */
export async function approve({ autoApprove }: Options, what: Text): Promise<void> {
  if (autoApprove) return;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal
    .question(inWords({ zh: `确认${what.zh}？输入 yes 继续：`, en: `${what.en}? Type yes to go on: ` }))
    .finally(() => terminal.close());
  if (answer.trim() !== 'yes') throw new Stop({ zh: '已取消，未作任何改动', en: 'given up; nothing was changed' });
}
