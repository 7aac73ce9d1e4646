import type { DeclaredStack } from '../declared.ts';
import type { KubernetesObject } from '../kubernetes.ts';
import { addBackend } from './backend.ts';
import { App, Fn, KubernetesProvider, TerraformStack, TerraformVariable, type TerraformResource } from './cdktf.ts';
import { escapeTemplates } from './escape.ts';
import { Ids } from './ids.ts';
import { place } from './kinds.ts';
import { isUsed, needsOf } from './needs.ts';
import { moved, oldName, renamedPools, stateKey } from './moves.ts';

/**
 * Builds the app of all stacks; `synth()` on it writes cdk.tf.json of each into `outdir` (cdktf.out where none is named).
 * `destroyLedger`: the site whose ledger this run may destroy.
 */
export function buildApp(declared: readonly DeclaredStack[], outdir?: string, destroyLedger?: string): App {
  const app = new App(outdir === undefined ? {} : { outdir });
  const ids = new Ids('app');
  const made = new Map<string, TerraformStack>();
  for (const { id, cluster, view, stack, objects } of declared) {
    ids.of('stack', id);
    const built = new TerraformStack(app, id);
    addBackend(built, view.plan.estate.state, stateKey(cluster, stack.name));
    addProvider(built, cluster.context);
    addObjects(built, objects, stack.keep && view.site.id !== destroyLedger, renamedPools(view));
    for (const name of stack.after) {
      const before = made.get(`${cluster.id}-${name}`);
      if (before) built.addDependency(before);
    }
    made.set(id, built);
  }
  return app;
}

function addProvider(stack: TerraformStack, context: string): void {
  const kubeconfig = new TerraformVariable(stack, 'kubeconfig', {
    type: 'string',
    default: '~/.kube/config',
    description: "the kubeconfig's path; several with ':' between them",
  });
  const provider = new KubernetesProvider(stack, 'kubernetes', { configContext: escapeTemplates(context) });
  provider.configPaths = Fn.split(':', kubeconfig.stringValue);
  // cdktf writes the source 'kubernetes', which Terraform and OpenTofu read as different providers.
  stack.addOverride('terraform.required_providers.kubernetes.source', 'hashicorp/kubernetes');
}

function addObjects(
  stack: TerraformStack,
  objects: readonly KubernetesObject[],
  keep: boolean,
  renamed: ReadonlyMap<string, string>,
): void {
  const ids = new Ids(stack.node.id);
  const made = new Map<string, TerraformResource>();
  for (const object of objects) {
    const { name, namespace } = object.metadata;
    const id = ids.of(object.kind, ...(namespace === undefined ? [name] : [namespace, name]));
    // Names are plain text, so Terraform sees no order by itself.
    const owner = namespace === undefined ? [] : [`Namespace ${namespace}`];
    const dependsOn = [...owner, ...needsOf(object)].flatMap((one) => made.get(one) ?? []);
    const lifecycle = { ...(keep && { preventDestroy: true }), ...(isUsed(object) && { createBeforeDestroy: true }) };
    const resource = place(stack, id, escapeTemplates(object), {
      ...(dependsOn.length > 0 && { dependsOn }),
      ...(Object.keys(lifecycle).length > 0 && { lifecycle }),
    });
    const before = namespace === undefined ? oldName(object, renamed) : undefined;
    if (before !== undefined) moved(resource, ids.of(object.kind, before));
    if (namespace === undefined) made.set(`${object.kind} ${name}`, resource);
  }
}
