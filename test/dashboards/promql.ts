import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';

/** An aggregation or a function around a selector. */
interface Around {
  /** sum, max, rate … */
  readonly name: string;
  /** What an aggregation keeps of the labels; null: a function, which keeps them all. */
  readonly keeps: ((label: string) => boolean) | null;
}

export interface Selector {
  readonly metric: string;
  readonly matchers: readonly { readonly label: string; readonly operator: string }[];
  /** The innermost one first. */
  readonly around: readonly Around[];
  /** The text between the brackets of a range; null: an instant. */
  readonly range: string | null;
}

export interface Query {
  readonly broken: boolean;
  readonly selectors: readonly Selector[];
}

/** Reads PromQL whose variables are filled in (`filledIn`). */
export function readQuery(expression: string): Query {
  const text = ({ from, to }: SyntaxNode): string => expression.slice(from, to);

  function around(node: SyntaxNode): Around[] {
    const list: Around[] = [];
    for (let up = node.parent; up !== null; up = up.parent) {
      if (up.name === 'FunctionCall') list.push({ name: text(up.getChild('FunctionIdentifier') ?? up), keeps: null });
      if (up.name !== 'AggregateExpr') continue;
      const modifier = up.getChild('AggregateModifier');
      const labels = new Set(modifier?.getChild('GroupingLabels')?.getChildren('LabelName').map(text));
      const by = modifier === null || modifier.getChild('By') !== null;
      list.push({ name: text(up.getChild('AggregateOp') ?? up), keeps: (label) => labels.has(label) === by });
    }
    return list;
  }

  let broken = false;
  const selectors: Selector[] = [];
  parser.parse(expression).iterate({
    enter({ type, node }) {
      if (type.isError) broken = true;
      if (node.name !== 'VectorSelector') return;
      const matrix = node.parent?.name === 'MatrixSelector' ? node.parent : null;
      selectors.push({
        metric: text(node.getChild('Identifier') ?? node),
        matchers: (node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? []).map((matcher) => ({
          label: matcher.getChildren('LabelName').map(text).join(''),
          operator: matcher.getChildren('MatchOp').map(text).join(''),
        })),
        around: around(node),
        range: matrix ? expression.slice(node.to + 1, matrix.to - 1) : null,
      });
    },
  });
  return { broken, selectors };
}
