import { files } from '../../model/files.ts';
import { readFile } from '../../model/read-file.ts';
import type { Text } from '../../model/text.ts';
import type { DeclaredStack } from '../declared.ts';
import { inWords, Stop } from '../say.ts';
import { Crds } from './crds.ts';
import { judge } from './judge.ts';
import { originOf } from './origin.ts';

export interface Offline {
  /** What an API server with these definitions would refuse, each with the place in the estate, cluster, stack, object and field */
  readonly findings: readonly Text[];
  /** What was not checked, and why */
  readonly notes: readonly Text[];
}

/** Judges every object whose kind has a definition in `folder`. Throws where the folder cannot be read. */
export function offlineFindings(declared: readonly DeclaredStack[], folder: string, dir: string): Offline {
  const crds = new Crds(folder);
  const { source } = readFile(dir, files.estate.name, []);
  const findings: Text[] = [];
  const uncovered = new Set<string>();
  const notes = new Map<string, Text>();
  for (const { cluster, view, stack, objects } of declared) {
    for (const object of objects) {
      const { problems, unchecked, covered } = judge({ ...object }, crds);
      if (!covered) uncovered.add(object.kind);
      for (const [rule, why] of unchecked)
        notes.set(`${object.kind} ${rule}`, {
          zh: `未离线检查 ${object.kind} ${rule}：${why.zh}`,
          en: `not checked offline: ${object.kind} ${rule}: ${why.en}`,
        });
      if (problems.length === 0) continue;
      const origin = originOf(object, cluster.id, view.plan.estate);
      const place = source?.place(origin.path, 'use');
      const spot = place ? `${place.file}:${place.line}:${place.column}: ` : '';
      const { namespace, name } = object.metadata;
      const head = `${spot}${cluster.id}/${stack.name}: ${object.kind} ${namespace === undefined ? '' : `${namespace}/`}${name} (${origin.name}): `;
      for (const { path, detail } of problems) {
        const field = path === '' ? '' : `${path}: `;
        findings.push({ zh: `${head}${field}${detail.zh}`, en: `${head}${field}${detail.en}` });
      }
    }
  }
  const kinds = [...uncovered].toSorted().join(' ');
  if (kinds)
    notes.set('', {
      zh: `${folder} 中没有这些种类的定义，未离线检查：${kinds}`,
      en: `not checked offline, as ${folder} has no definition of them: ${kinds}`,
    });
  return { findings, notes: [...notes.values()] };
}

/**
 * With a folder of CRDs in GREENFLOPS_CRDS: throws Stop (code 2, like any fault of the declaration) with everything that
 * an API server would refuse, and says on stderr what was not checked. Without it nothing is checked.
 */
export function requireAdmitted(declared: readonly DeclaredStack[], dir: string): void {
  const folder = process.env['GREENFLOPS_CRDS'];
  if (!folder) return;
  let offline: Offline;
  try {
    offline = offlineFindings(declared, folder, dir);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Stop({
      zh: `GREENFLOPS_CRDS 指定的 CRD 文件夹不可读：${why}。请改正路径，或取消该变量（不做离线准入检查）`,
      en: `the folder of CRDs that GREENFLOPS_CRDS names cannot be read: ${why}. Correct the path, or unset it to go without offline admission`,
    });
  }
  for (const note of offline.notes) console.error(inWords(note));
  const { findings } = offline;
  if (findings.length === 0) return;
  const list = (language: 'zh' | 'en') => findings.map((text) => text[language]).join('\n');
  throw new Stop(
    {
      zh: `${list('zh')}\n对照 ${folder} 中的 CRD，API 服务器会拒绝以上 ${findings.length} 处`,
      en: `${list('en')}\nby the CRDs in ${folder}, an API server would refuse these ${findings.length}`,
    },
    2,
  );
}
