import type { Plan } from '../model/plan.ts';
import { languages } from '../model/text.ts';
import { dashboard } from './board.ts';
import { list } from './index.ts';

/** Every board in every language: path from the repository's root -> JSON for Grafana, the same bytes for the same plan. */
export const boards = (plan: Plan): ReadonlyMap<string, string> =>
  new Map(
    list.flatMap((board) =>
      languages.map((language) => [
        `dashboards/generated/${language}/${board.id}.json`,
        `${JSON.stringify(dashboard(board, plan, language), null, 2)}\n`,
      ]),
    ),
  );
