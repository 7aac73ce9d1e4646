import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DeclaredStack } from '../../infra/declared.ts';
import { buildApp } from '../../infra/terraform/synth.ts';

/** One kind of one stack. */
export interface ObjectRow {
  readonly stack: string;
  /** `apiVersion/Kind` */
  readonly kind: string;
  /** Terraform's resource types for it: more than one where the default account is taken over instead of made */
  readonly resources: readonly string[];
  readonly names: readonly string[];
}

/** Resource types by Terraform's id, as the stacks are synthesised. */
function typesOf(declared: readonly DeclaredStack[]): Map<string, string> {
  const outdir = mkdtempSync(join(tmpdir(), 'greenflops-deploy-'));
  try {
    buildApp(declared, outdir).synth();
    return new Map(
      declared.flatMap(({ id }) => {
        const text = readFileSync(join(outdir, 'stacks', id, 'cdk.tf.json'), 'utf8');
        const { resource = {} } = JSON.parse(text) as { resource?: Record<string, Record<string, unknown>> };
        return Object.entries(resource).flatMap(([type, made]) =>
          Object.keys(made).map((name): [string, string] => [`${id} ${name}`, type]),
        );
      }),
    );
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** What the stacks of a declaration hold, kind by kind in the order of their deployment. */
export function objectRows(declared: readonly DeclaredStack[]): ObjectRow[] {
  const types = typesOf(declared);
  return declared.flatMap(({ id, stack, objects }) =>
    [...Map.groupBy(objects, ({ apiVersion, kind }) => `${apiVersion}/${kind}`)].map(([kind, all]): ObjectRow => {
      // An id is kind_namespace_name (infra/terraform/ids.ts).
      const start = `${id} ${kind.slice(kind.lastIndexOf('/') + 1).toLowerCase()}_`;
      const resources = [...types].flatMap(([key, type]) => (key.startsWith(start) ? [type] : []));
      return {
        stack: stack.name,
        kind,
        resources: [...new Set(resources)],
        names: [...new Set(all.map(({ metadata }) => metadata.name))],
      };
    }),
  );
}
