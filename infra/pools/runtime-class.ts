import type { Pool } from '../../model/schema/estate.ts';
import type { Labels, Metadata } from '../kubernetes.ts';
import { named, names } from '../labels.ts';
import { nodesOf } from './node-labels.ts';
import { tolerationsOf } from './taints.ts';

interface RuntimeClass {
  readonly apiVersion: 'node.k8s.io/v1';
  readonly kind: 'RuntimeClass';
  readonly metadata: Metadata;
  readonly handler: string;
  /** The provider's typed resource has no word for it */
  readonly scheduling: { readonly nodeSelector: Labels; readonly tolerations: readonly object[] };
}

/** A pod that names it runs in the pool's container runtime, and is led to the pool's nodes past their taints. */
export const runtimeClass = (pool: Pool): RuntimeClass[] =>
  pool.runtime
    ? [
        {
          apiVersion: 'node.k8s.io/v1',
          kind: 'RuntimeClass',
          metadata: named(pool.id, undefined, pool.name && names(pool.name)),
          handler: pool.runtime.handler,
          scheduling: { nodeSelector: nodesOf(pool), tolerations: tolerationsOf(pool) },
        },
      ]
    : [];
