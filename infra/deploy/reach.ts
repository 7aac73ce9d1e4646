import type { Text } from '../../model/text.ts';
import { Kubectl } from '../change/kubectl.ts';
import type { Live } from '../change/live.ts';
import { marksOf, mistaken, type Marks } from '../change/whose.ts';
import type { DeclaredStack } from '../declared.ts';
import { placeIn } from '../doctor/context.ts';
import { inWords, Stop } from '../say.ts';

/** What stands between the chosen clusters and a deploy, each with its place in the declaration and what to do. */
export interface Reach {
  /** By cluster: it cannot be asked */
  readonly unreachable: ReadonlyMap<string, Text>;
  /** Contexts that lead to another cluster than the declaration means */
  readonly mistaken: readonly Text[];
}

/** Asks every declared cluster who it is, 10 s at most: two contexts may lead to one. */
export async function reach(
  declared: readonly DeclaredStack[],
  chosen: readonly DeclaredStack[],
  dir: string,
): Promise<Reach> {
  const where = placeIn(dir);
  const views = [...new Map(declared.map(({ view }) => [view.cluster.id, view])).values()];
  const answers = new Map(
    await Promise.all(views.map(async ({ cluster }) => [cluster.id, await ask(cluster.context)] as const)),
  );
  const wanted = new Set(chosen.map(({ cluster }) => cluster.id));
  const unreachable = new Map<string, Text>();
  const faults: Text[] = [];
  for (const view of views) {
    const { id, context } = view.cluster;
    const answer = answers.get(id);
    if (!wanted.has(id) || !answer) continue;
    const at = where(['clusters', view.plan.estate.clusters.indexOf(view.cluster), 'context']);
    if (answer instanceof Stop) {
      unreachable.set(id, {
        zh: `${at}：无法访问集群 ${id}（context ${context}）：${answer.text.zh}\n  查看 kubectl config get-contexts，改正 clusters[].context 或 kubeconfig（KUBECONFIG）；其他集群可用栈名单独部署`,
        en: `${at}: cluster ${id} (context ${context}) cannot be asked: ${answer.text.en}\n  Look at kubectl config get-contexts and correct clusters[].context or the kubeconfig (KUBECONFIG); other clusters can be deployed by the names of their stacks`,
      });
      continue;
    }
    const twin = views.find(({ cluster }) => {
      const other = answers.get(cluster.id);
      return cluster.id !== id && other !== undefined && !(other instanceof Stop) && other.uid === answer.uid;
    });
    for (const { what, todo } of mistaken(view, answer, twin?.cluster.id))
      faults.push({ zh: `${at}：${what.zh}\n  ${todo.zh}`, en: `${at}: ${what.en}\n  ${todo.en}` });
  }
  return { unreachable, mistaken: faults };
}

/** Throws Stop where anything stands in the way. */
export function requireReach({ unreachable, mistaken: faults }: Reach): void {
  const all = [...unreachable.values(), ...faults];
  if (all.length === 0) return;
  throw new Stop({
    zh: `${all.map(({ zh }) => zh).join('\n')}\n未作任何改动`,
    en: `${all.map(({ en }) => en).join('\n')}\nNothing was changed`,
  });
}

export const tellReach = ({ unreachable, mistaken: faults }: Reach): void => {
  for (const text of [...unreachable.values(), ...faults]) console.error(inWords(text));
};

async function ask(context: string): Promise<Marks | Stop> {
  const kubectl = new Kubectl(context);
  const get = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await kubectl.run([
      'get',
      ...args,
      '--ignore-not-found',
      '--request-timeout=10s',
      '-o',
      'json',
    ]);
    const why = stderr.trim().split('\n').at(-1) ?? '';
    if (code !== 0) throw new Stop({ zh: why, en: why });
    return stdout.trim() === '' ? [] : [JSON.parse(stdout) as Live];
  };
  try {
    const marks = await marksOf(get);
    return marks ?? new Stop({ zh: '看不到命名空间 kube-system', en: 'namespace kube-system is not to be seen' });
  } catch (error) {
    if (error instanceof Stop) return error;
    throw error;
  }
}
