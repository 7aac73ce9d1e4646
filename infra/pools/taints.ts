import type { Pool } from '../../model/schema/estate.ts';

export interface Taint {
  readonly key: string;
  readonly value: string;
  readonly effect: 'NoSchedule' | 'NoExecute' | 'PreferNoSchedule';
}

/** The taints of a pool's nodes: its own where it is dedicated, and those that the estate declares. */
export const taintsOf = ({ id, dedicated, taints }: Pool): readonly Taint[] => [
  ...(dedicated ? [{ key: 'greenflops.io/pool', value: id, effect: 'NoSchedule' } as const] : []),
  ...taints,
];

/** What a pod needs to stand on them. A taint without a value is tolerated whatever its value. */
export const tolerationsOf = (pool: Pool) =>
  taintsOf(pool).map(({ key, value, effect }) =>
    value === '' ? { key, operator: 'Exists', effect } : { key, operator: 'Equal', value, effect },
  );
