import type { DeclaredStack } from '../declared.ts';
import { Ids } from './ids.ts';

/** Terraform's types of what a ledger is made of. */
const types: Readonly<Record<string, string>> = {
  Namespace: 'kubernetes_namespace_v1',
  StorageClass: 'kubernetes_storage_class_v1',
  PersistentVolumeClaim: 'kubernetes_persistent_volume_claim_v1',
};

/** A ledger's objects as `terraform import` names them: address in the state, id in the cluster. */
export function imports({ id: stack, objects }: DeclaredStack): { readonly address: string; readonly id: string }[] {
  const ids = new Ids(stack);
  return objects.flatMap(({ kind, metadata: { name, namespace } }) => {
    const type = types[kind];
    if (type === undefined) return [];
    const path = namespace === undefined ? [name] : [namespace, name];
    return [{ address: `${type}.${ids.of(kind, ...path)}`, id: path.join('/') }];
  });
}
