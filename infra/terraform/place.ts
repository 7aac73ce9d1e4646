import type { Metadata } from '../kubernetes.ts';
import type { TerraformMetaArguments, TerraformResource, TerraformStack } from './cdktf.ts';

/** Adds one object to a stack; its strings are escaped already. */
export type Place<T> = (
  stack: TerraformStack,
  id: string,
  object: T,
  meta: TerraformMetaArguments,
) => TerraformResource;

/** A copy of a list: the bindings want theirs writable. */
export const list = <T>(entries: readonly T[]): T[] => [...entries];

export const metadata = ({ name, namespace, labels, annotations }: Metadata) => ({
  name,
  namespace,
  labels,
  annotations,
});
