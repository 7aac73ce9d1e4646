import type { DeclaredStack } from '../declared.ts';
import { inWords } from '../say.ts';
import { subjects, type Line } from './line.ts';
import { changeLines, changesAnything } from './lines.ts';
import { observe, type Observed } from './observe.ts';

/** Every cluster of the chosen stacks as it is, beside all that is declared for it. Throws Stop where one cannot be asked. */
export async function survey(
  declared: readonly DeclaredStack[],
  chosen: readonly DeclaredStack[],
): Promise<Observed[]> {
  const views = new Map(chosen.map(({ view }) => [view.cluster.id, view]));
  const found: Observed[] = [];
  for (const [id, view] of views) {
    found.push(
      await observe(
        declared.filter(({ cluster }) => cluster.id === id),
        chosen.filter(({ cluster }) => cluster.id === id),
        view,
      ),
    );
  }
  return found;
}

/** Prints what a deploy would change, cluster by cluster; true where it would change anything. */
export function tellChanges(observed: readonly Observed[], dir: string): boolean {
  let any = false;
  for (const one of observed) {
    const { id, context } = one.view.cluster;
    const changes = changesAnything(one);
    const lines = changeLines(one, dir);
    any ||= changes;
    console.log(inWords({ zh: `${id}（context ${context}）：`, en: `${id} (context ${context}):` }));
    for (const line of lines) console.log(lineText(line));
    if (!changes) console.log(inWords({ zh: '  无变化', en: '  nothing changes' }));
    else if (lines.length === 0)
      console.log(inWords({ zh: '  只更新部署记录', en: '  only the record of what is deployed' }));
  }
  return any;
}

/** `! ` marks what may cost somebody work, data or protection. */
const lineText = ({ subject, text, danger }: Line): string =>
  `${danger ? '!' : ' '} ${inWords(subjects[subject])}${inWords({ zh: '：', en: ': ' })}${inWords(text)}`;
