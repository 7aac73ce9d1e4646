import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { declaredStacks } from '../../../infra/declared.ts';
import { buildApp } from '../../../infra/terraform/synth.ts';
import { shown } from '../evidence.ts';
import type { Proving } from '../proving.ts';

const targets = [
  'kubernetes_labels.node_npu-0',
  'kubernetes_labels.node_hami-0',
  'kubernetes_manifest.runtimeclass_p-910b',
  'kubernetes_manifest.deviceclass_p-dra',
].map((address) => `-target=${address}`);

interface Labelled {
  readonly metadata: {
    readonly labels: Readonly<Record<string, string>>;
    readonly managedFields: readonly { readonly manager: string; readonly operation: string }[];
  };
}

/** What of a pool goes through kubernetes_labels and kubernetes_manifest, by the real provider, on nodes that stand already. */
export async function throughTerraform(stage: Proving): Promise<void> {
  const { plane, plan, cluster } = stage;
  const out = mkdtempSync(join(tmpdir(), 'greenflops-pools-'));
  try {
    buildApp(declaredStacks(plan), out).synth();
    const cwd = join(out, 'stacks', `${cluster}-pools`);
    const terraform = async (...args: string[]) =>
      promisify(execFile)(process.env['TERRAFORM_BINARY_NAME'] ?? 'terraform', [...args, '-input=false', '-no-color'], {
        cwd,
        env: { ...process.env, TF_VAR_kubeconfig: plane.kubeconfig },
      }).catch((error: unknown) => {
        const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
        return assert.fail(`terraform ${args[0]}: exit code ${code}\n${stdout.slice(-2000)}\n${stderr.slice(-3000)}`);
      });
    // kubectl made them: Terraform makes its own, and what the two make is the same.
    const classes = async () => {
      const { items } = JSON.parse(
        await stage.accepted(['get', 'runtimeclass/p-910b', 'deviceclass/p-dra', '-o', 'json']),
      ) as { items: readonly { metadata: object }[] };
      return items.map((item) => {
        const changing = { uid: '', resourceVersion: '', creationTimestamp: '', generation: 0 };
        return { ...item, metadata: { ...item.metadata, ...changing } };
      });
    };
    const byKubectl = await classes();
    await stage.accepted(['delete', 'runtimeclass/p-910b', 'deviceclass/p-dra']);
    await terraform('init');
    await terraform('apply', '-auto-approve', ...targets);
    assert.deepEqual(await classes(), byKubectl);
    const node = async () =>
      JSON.parse(await stage.accepted(['get', 'node', 'npu-0', '--show-managed-fields', '-o', 'json'])) as Labelled;
    const labelled = (await node()).metadata;
    assert.equal(labelled.labels['greenflops.io/pool'], 'p-910b');
    assert.ok(
      labelled.managedFields.some(({ manager, operation }) => manager === 'greenflops-p-910b' && operation === 'Apply'),
      JSON.stringify(labelled.managedFields),
    );
    await terraform('plan', '-detailed-exitcode', ...targets); // 2 where something would change
    shown('Node', 'unchanged', 'terraform plan after apply');
    await terraform('destroy', '-auto-approve', ...targets);
    assert.equal(
      (await node()).metadata.labels['greenflops.io/pool'],
      undefined,
      'the label is gone and the node is not',
    );
    for (const kind of ['RuntimeClass', 'DeviceClass', 'Node'])
      shown(kind, 'removed', 'terraform destroy, by the real provider; a node stays and loses its label');
    await stage.accepted(['apply', '--server-side', '-f', join(stage.folder, '20-pools.yaml')]);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}
