import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { DeclaredStack } from './declared.ts';
import { stacks } from './stacks/index.ts';

/** The file of a stack below its cluster's folder; kubectl applies a folder in the order of its names. */
const fileOf = ({ stack }: DeclaredStack): string =>
  `${String((stacks.indexOf(stack) + 1) * 10).padStart(2, '0')}-${stack.name}.yaml`;
const OURS = /^\d\d-[a-z]+\.yaml$/;

/** A stack's objects as YAML. Nothing of Terraform is in it: `$` and `%` stand for themselves. */
const yamlOf = ({ id, objects }: DeclaredStack): string =>
  [`# ${id}\n`, ...objects.map((object) => stringify(object, { lineWidth: 0, aliasDuplicateObjects: false }))].join(
    '---\n',
  );

/** Writes every stack as <out>/<cluster>/<order>-<stack>.yaml and takes away what an earlier declaration left there. */
export function writeYaml(declared: readonly DeclaredStack[], out: string): { folders: string[]; paths: string[] } {
  const folders = [...new Set(declared.map(({ cluster }) => join(out, cluster.id)))];
  for (const folder of folders) {
    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(folder)) if (OURS.test(name)) rmSync(join(folder, name));
  }
  const paths = declared.map((stack) => {
    const path = join(out, stack.cluster.id, fileOf(stack));
    writeFileSync(path, yamlOf(stack));
    return path;
  });
  return { folders, paths };
}
