import type { QuerySample } from '../../read/prometheus/prometheus-answer.ts';

export type Ask = (promql: string) => Promise<readonly QuerySample[]>;

/** How many series an expression has; 0 where it has none. */
export type Count = (promql: string) => Promise<number>;

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** One question after the other: a server is not asked ten at once. */
export async function inTurn<A, B>(items: readonly A[], work: (item: A, index: number) => Promise<B>): Promise<B[]> {
  const done: B[] = [];
  for (const [index, item] of items.entries()) done.push(await work(item, index));
  return done;
}

/** Those of which the expression has a series. */
export async function those(
  metrics: readonly string[],
  count: Count,
  expression: (metric: string, index: number) => string,
): Promise<string[]> {
  const counts = await inTurn(metrics, (metric, index) => count(expression(metric, index)));
  return metrics.filter((_, index) => (counts[index] ?? 0) > 0);
}
