import type { Item, There } from '../../context.ts';

export interface Deployment extends Item {
  readonly spec: {
    readonly replicas?: number;
    readonly selector: { readonly matchLabels?: Readonly<Record<string, string>> };
    readonly template: {
      readonly spec: { readonly containers: readonly { readonly image: string; readonly args?: readonly string[] }[] };
    };
  };
  readonly status?: { readonly readyReplicas?: number };
}

/** Deployments of Kueue's controller, by the names of its manifests and of its Helm chart. */
export const controllersOf = async (reader: There['reader']): Promise<readonly Deployment[]> =>
  (await reader.items<Deployment>('deployments')).filter(
    ({ metadata: { name, labels = {} } }) =>
      /kueue.*controller-manager$/.test(name) ||
      (labels['app.kubernetes.io/name'] === 'kueue' && labels['control-plane'] === 'controller-manager'),
  );
