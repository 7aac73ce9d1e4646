import { execFile } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';

/** What every Kubernetes object has, as far as the checks look into it without asking the API server. */
export interface Identified {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
}

export interface RenderedFile {
  readonly path: string;
  readonly objects: readonly Identified[];
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Renders a declaration to `folder` as an operator does; the names of the clusters that it has. */
export async function render(folder: string, plan = 'plan'): Promise<string[]> {
  await promisify(execFile)(process.execPath, ['infra/render.ts', '--plan', plan, '--out', folder], { cwd: root });
  return readdirSync(folder).toSorted();
}

/** A cluster's rendered files in the order of their names, which is the order to apply them in. */
export function renderedFiles(folder: string, cluster: string): RenderedFile[] {
  return readdirSync(join(folder, cluster))
    .filter((name) => name.endsWith('.yaml'))
    .toSorted()
    .map((name) => {
      const path = join(folder, cluster, name);
      return { path, objects: documents(readFileSync(path, 'utf8')) };
    });
}

function documents(yaml: string): Identified[] {
  return parseAllDocuments(yaml).map((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw error;
    return document.toJS() as Identified; // the API server judges the rest of it
  });
}
