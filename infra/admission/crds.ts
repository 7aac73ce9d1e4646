import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { Schema } from './schema.ts';

interface Version {
  readonly name: string;
  readonly served: boolean;
  readonly subresources?: { readonly status?: object };
  readonly schema?: { readonly openAPIV3Schema?: Schema };
}

/** A custom resource definition, apiextensions.k8s.io/v1, as far as it judges objects. */
export interface Crd {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly scope: 'Namespaced' | 'Cluster';
    readonly versions: readonly Version[];
  };
}

/** The definitions of a folder, read when they are asked for: Kueue's Workload alone has 1.4 MB. */
export class Crds {
  readonly #texts: ReadonlyMap<string, string>;
  readonly #read = new Map<string, Crd | undefined>();

  /** Reads `folder` and all below it: *.yaml, *.yml and *.json. Throws where it cannot be read. */
  constructor(folder: string) {
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.(ya?ml|json)$/.test(name),
    );
    this.#texts = new Map(names.toSorted().map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
  }

  /** The definition of a kind; undefined where the folder has none. */
  of(group: string, kind: string): Crd | undefined {
    const key = `${group}/${kind}`;
    if (!this.#read.has(key)) this.#read.set(key, this.#find(group, kind));
    return this.#read.get(key);
  }

  #find(group: string, kind: string): Crd | undefined {
    const named = new RegExp(`\\bkind["']?:\\s*["']?${kind}\\b`);
    for (const text of this.#texts.values()) {
      // Reading a text costs 300 times as much as searching it.
      if (!text.includes('CustomResourceDefinition') || !text.includes(group) || !named.test(text)) continue;
      for (const document of parseAllDocuments(text)) {
        const crd = document.toJS() as Partial<Crd> | null;
        if (crd?.kind === 'CustomResourceDefinition' && crd.spec?.group === group && crd.spec.names.kind === kind)
          return crd as Crd;
      }
    }
    return undefined;
  }
}
