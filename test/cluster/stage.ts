import assert from 'node:assert/strict';
import { join } from 'node:path';
import { startControlPlane, type ControlPlane } from './control-plane.ts';
import { renderedFiles, type Identified, type RenderedFile } from './objects.ts';

/** A cluster of the declaration: its rendered files, and a control plane that they are applied to. */
export interface Stage {
  readonly cluster: string;
  readonly plane: ControlPlane;
  /** Folder of the rendered files */
  readonly folder: string;
  readonly files: readonly RenderedFile[];
  /** What the rendered objects were once applied, by kind and name: filled by the first check. */
  readonly applied: Map<string, unknown>;
  /** The rendered objects of a kind. */
  objects(kind: string): Identified[];
  /** kubectl's answer on stdout; rejects where it fails. */
  accepted(args: readonly string[], stdin?: unknown): Promise<string>;
  /** kubectl's complaint on stderr; rejects where it does not fail. */
  refused(args: readonly string[], stdin?: unknown): Promise<string>;
}

/** Starts a control plane, unless one is given; the rendered files of all clusters lie in `rendered`. */
export async function openStage(
  cluster: string,
  rendered: string,
  { plane: given, ...options }: { readonly plane?: ControlPlane; readonly scheduler?: boolean } = {},
): Promise<Stage> {
  const files = renderedFiles(rendered, cluster);
  const plane = given ?? (await startControlPlane(cluster, options));
  const ask = async (args: readonly string[], stdin?: unknown) => ({
    ...(await plane.kubectl(args, stdin === undefined ? undefined : JSON.stringify(stdin))),
    asked: `kubectl ${args.join(' ')}`,
  });
  return {
    cluster,
    plane,
    folder: join(rendered, cluster),
    files,
    applied: new Map(),
    objects: (kind) => files.flatMap(({ objects }) => objects.filter((one) => one.kind === kind)),
    async accepted(args, stdin) {
      const { code, stdout, stderr, asked } = await ask(args, stdin);
      assert.equal(code, 0, `${asked}: exit code ${code}\n${stderr}`);
      return stdout;
    },
    async refused(args, stdin) {
      const { code, stdout, stderr, asked } = await ask(args, stdin);
      assert.notEqual(code, 0, `${asked} was not refused\n${stdout}`);
      return stderr.trim();
    },
  };
}

/** The file that an operator keeps when the house is taken down. */
export function ledgerFile({ files }: Stage): RenderedFile {
  const [ledger, ...more] = files.filter(({ path }) => path.endsWith('ledger.yaml'));
  assert.ok(ledger && more.length === 0, 'one file is the ledger');
  return ledger;
}

/** What is left of a rendered file after its removal. A default account is not ours: Kubernetes makes it again at once. */
export async function left(stage: Stage, { path }: RenderedFile): Promise<string[]> {
  const names = await stage.accepted(['get', '--ignore-not-found', '-o', 'name', '-f', path]);
  return names.split('\n').filter((name) => name !== '' && name !== 'serviceaccount/default');
}
