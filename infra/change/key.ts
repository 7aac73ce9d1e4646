interface Named {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

export const groupOf = (apiVersion: string): string => (apiVersion.includes('/') ? apiVersion.replace(/\/.*/, '') : '');

/** A kind whatever its version: `/Namespace`, `apps/StatefulSet`. */
export const kindOf = ({ apiVersion, kind }: Pick<Named, 'apiVersion' | 'kind'>): string =>
  `${groupOf(apiVersion)}/${kind}`;

/** An object's place in the API, whatever the version in which it is read. */
export const keyOf = (object: Named): string =>
  `${kindOf(object)} ${object.metadata.namespace ?? ''}/${object.metadata.name}`;

/** As people name it. */
export const nameOf = ({ kind, metadata: { name, namespace } }: Pick<Named, 'kind' | 'metadata'>): string =>
  `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
