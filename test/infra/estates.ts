import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { declaredStacks, type DeclaredStack } from '../../infra/declared.ts';
import type { KubernetesObject } from '../../infra/kubernetes.ts';
import { buildApp } from '../../infra/terraform/synth.ts';
import { planFolder } from '../plan-folder.ts';

/** The stacks of the shipped declaration with another estate. `change` gets the shipped estate's text. */
export function stacksOf(change: (estate: string) => string): DeclaredStack[] {
  const { dir, remove } = planFolder(change(readFileSync('plan/estate.yaml', 'utf8')));
  try {
    return declaredStacks(dir);
  } finally {
    remove();
  }
}

/** Text `from` replaced by `to`; throws where it does not stand there, so that no test changes nothing. */
export const replaced =
  (from: string, to: string) =>
  (text: string): string => {
    if (!text.includes(from)) throw new Error(`the estate does not hold ${JSON.stringify(from)}`);
    return text.replace(from, to);
  };

/** The synthesised cdk.tf.json of every stack, by the stack's id. */
export function synthesised(declared: readonly DeclaredStack[]): Map<string, string> {
  const folder = mkdtempSync(join(tmpdir(), 'greenflops-synth-'));
  try {
    buildApp(declared, folder).synth();
    return new Map(declared.map(({ id }) => [id, readFileSync(join(folder, 'stacks', id, 'cdk.tf.json'), 'utf8')]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const keyOf = ({ kind, metadata: { name, namespace } }: KubernetesObject): string =>
  namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;

/** The objects of one stack, by kind, namespace and name. */
export function objectsOf(declared: readonly DeclaredStack[], id: string): Map<string, KubernetesObject> {
  const stack = declared.find((one) => one.id === id);
  if (!stack) throw new Error(`no stack ${id}; there are ${declared.map((one) => one.id).join(', ')}`);
  return new Map(stack.objects.map((object) => [keyOf(object), object]));
}
