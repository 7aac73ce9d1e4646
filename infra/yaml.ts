import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Estate } from '../model/schema/estate.ts';
import type { DeclaredStack } from './declared.ts';
import { DISPATCH_FILE, dispatchFiles } from './dispatch/kubeconfig-script.ts';
import type { KubernetesObject } from './kubernetes.ts';
import { NODE_FILE, nodeFiles } from './pools/node-files.ts';
import { CONFIG_FILE, kueueFiles, VALUES_FILE } from './queues/config/files.ts';
import { stacks } from './stacks/index.ts';

/** The file of a stack below its cluster's folder; kubectl applies a folder in the order of its names. */
const fileOf = ({ stack }: DeclaredStack): string =>
  `${String((stacks.indexOf(stack) + 1) * 10).padStart(2, '0')}-${stack.name}.yaml`;
const OURS = /^\d\d-([a-z]+)\.yaml$/;

const KUEUE_FILE = new RegExp(`^(${[CONFIG_FILE, VALUES_FILE].map((name) => RegExp.escape(name)).join('|')})$`);

/** Nodes belong to who sets them up: applied, a Node that is not there would be made. Their labels stand in the script. */
const applied = ({ apiVersion, kind }: KubernetesObject): boolean => !(apiVersion === 'v1' && kind === 'Node');

/** A stack's objects as YAML. Nothing of Terraform is in it: `$` and `%` stand for themselves. */
const yamlOf = ({ id, objects }: DeclaredStack): string =>
  [
    `# ${id}\n`,
    ...objects.filter(applied).map((object) => stringify(object, { lineWidth: 0, aliasDuplicateObjects: false })),
  ].join('---\n');

/** Writes every stack as <out>/<cluster>/<order>-<stack>.yaml and takes away what an earlier declaration left there. */
export function writeYaml(declared: readonly DeclaredStack[], out: string): { folders: string[]; paths: string[] } {
  const folders = [...new Set(declared.map(({ cluster }) => join(out, cluster.id)))];
  for (const folder of folders) clear(folder, OURS);
  const paths = declared
    .filter(({ objects }) => objects.some(applied))
    .map((stack) => {
      const path = join(out, stack.cluster.id, fileOf(stack));
      writeFileSync(path, yamlOf(stack));
      return path;
    });
  return { folders, paths };
}

/** Writes what the nodes need as <out>/<cluster>/nodes/, which `kubectl apply -f <out>/<cluster>/` does not enter. */
export function writeNodeFiles({ clusters, pools }: Estate, out: string): string[] {
  return clusters.flatMap(({ id, context }) => {
    const folder = join(out, id, 'nodes');
    const own = pools.filter(({ cluster }) => cluster === id);
    if (own.length > 0 || existsSync(folder)) clear(folder, NODE_FILE);
    return nodeFiles(context, own).map(({ name, text }) => {
      const path = join(folder, name);
      writeFileSync(path, text);
      if (name.endsWith('.sh')) chmodSync(path, 0o755);
      return path;
    });
  });
}

/**
 * Writes what whoever installs Kueue on a cluster takes from the declaration as <out>/<cluster>/kueue/, which `kubectl apply
 * -f <out>/<cluster>/` does not enter: the configuration of a controller is no object.
 */
export function writeKueueFiles(declared: readonly DeclaredStack[], out: string): string[] {
  return [...new Set(declared.map(({ view }) => view))].flatMap((view) => {
    const folder = join(out, view.cluster.id, 'kueue');
    const files = Object.entries(kueueFiles(view));
    if (files.length > 0 || existsSync(folder)) clear(folder, KUEUE_FILE);
    return files.map(([name, text]) => {
      const path = join(folder, name);
      writeFileSync(path, text);
      return path;
    });
  });
}

/** Writes how a manager gets its workers' kubeconfigs as <out>/<manager>/dispatch/, which is no object either. */
export function writeDispatchFiles(declared: readonly DeclaredStack[], out: string): string[] {
  return [...new Set(declared.map(({ view }) => view))].flatMap((view) => {
    const folder = join(out, view.cluster.id, 'dispatch');
    const files = dispatchFiles(view);
    if (files.length > 0 || existsSync(folder)) clear(folder, DISPATCH_FILE);
    return files.map(({ name, text }) => {
      const path = join(folder, name);
      writeFileSync(path, text);
      chmodSync(path, 0o755);
      return path;
    });
  });
}

/** What an earlier run wrote below a cluster's folder, beside the stacks' files. */
const BESIDE = { nodes: NODE_FILE, kueue: KUEUE_FILE, dispatch: DISPATCH_FILE } as const;

/**
 * Takes away what an earlier run wrote for clusters that are no longer declared, or `kubectl apply -f` would take it: files
 * of its names whose first line is the id of a stack of that folder. Whatever else lies there stays. Returns the folders.
 */
export function removeUndeclared(declared: readonly DeclaredStack[], out: string): string[] {
  const ids = new Set(declared.map(({ cluster }) => cluster.id));
  if (!existsSync(out)) return [];
  return readdirSync(out, { withFileTypes: true }).flatMap((entry) => {
    const folder = join(out, entry.name);
    if (!entry.isDirectory() || ids.has(entry.name)) return [];
    const own = readdirSync(folder).filter((name) => isStackFile(entry.name, folder, name));
    if (own.length === 0) return [];
    for (const name of own) rmSync(join(folder, name));
    for (const [name, ours] of Object.entries(BESIDE)) {
      const beside = join(folder, name);
      if (!existsSync(beside)) continue;
      clear(beside, ours);
      removeEmpty(beside);
    }
    removeEmpty(folder);
    return [folder];
  });
}

function isStackFile(cluster: string, folder: string, name: string): boolean {
  const [, stack] = OURS.exec(name) ?? [];
  return stack !== undefined && readFileSync(join(folder, name), 'utf8').startsWith(`# ${cluster}-${stack}\n`);
}

function removeEmpty(folder: string): void {
  if (readdirSync(folder).length === 0) rmdirSync(folder);
}

/** Makes the folder, or empties it of files that are called so; what somebody else put there stays. */
function clear(folder: string, ours: RegExp): void {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) if (ours.test(name)) rmSync(join(folder, name));
}
