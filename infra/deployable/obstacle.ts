import type { Plan } from '../../model/plan.ts';
import type { Text } from '../../model/text.ts';

/** Something in the estate that the exporter can live with and Kubernetes cannot. */
export interface Obstacle {
  readonly path: readonly (string | number)[];
  readonly detail: Text;
}

export type Rule = (plan: Plan) => Obstacle[];
