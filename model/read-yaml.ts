import { isScalar, LineCounter, parseDocument, type Node } from 'yaml';
import { finding, type Finding, type Place } from './finding.ts';
import { locate, plainValue, resolveAliases, type Path } from './yaml-tree.ts';

/** A key, its value, or the value where it is used: there an alias stands for itself instead of its anchor. */
export type Spot = 'key' | 'value' | 'use';

/** One file of the declaration as a plain value, with the place of every part of it. */
export interface Source {
  readonly value: unknown;
  /** The place of what `path` leads to, or of the nearest thing before it that is there. */
  place(path: Path, spot: Spot): Place;
}

/** Ten times an estate of 2,000 meters; nested aliases would go on for ever. */
const MAX_NODES = 500_000;
/** The parser's errors after which the tree is still what its author meant, so that its other faults are worth telling. */
const READABLE = new Set(['DUPLICATE_KEY']);

/** Reads YAML 1.2. Without a source the findings say why there is none; the parser itself tells what nests too deep. */
export function readYaml(file: string, text: string): { source?: Source; findings: Finding[] } {
  const lines = new LineCounter();
  const at = (offset = 0, path: Path = [], value: string | null = null): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1), path: showPath(path), value };
  };
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  // Whatever the parser says after its first stumble follows from it.
  const fatal = document.errors.find(({ code }) => !READABLE.has(code));
  const findings = (fatal ? [fatal] : [...document.errors, ...document.warnings]).map(
    ({ code, pos: [offset], message }) => {
      if (code === 'TAB_AS_INDENT') return finding(at(offset), 'tab', {});
      if (code !== 'DUPLICATE_KEY') return finding(at(offset), 'yaml', { detail: message });
      return finding(at(offset), 'duplicate_key', { key: /^[^\s:,}]*/.exec(text.slice(offset))?.[0] ?? '' });
    },
  );
  const root: Node | null = document.contents;
  if (fatal) return { findings };
  if (root === null || (isScalar(root) && root.value === null)) {
    return { findings: [...findings, finding(at(), 'empty', {})] };
  }
  const targets = resolveAliases(root);
  const { value, whole, broken } = plainValue(root, targets, MAX_NODES);
  if (!whole) return { findings: [...findings, finding(at(), 'too_large', { limit: MAX_NODES })] };
  for (const alias of broken) {
    const code = targets.has(alias) ? 'circular_alias' : 'unknown_anchor';
    findings.push(finding(at(alias.range?.[0]), code, { anchor: alias.source }));
    // From here on it stands for itself alone.
    targets.delete(alias);
  }
  const place = (path: Path, spot: Spot): Place => {
    const { node, key, found } = locate(root, path, targets, spot === 'use');
    const shown = spot === 'key' ? (key ?? node) : node;
    return at(shown.range?.[0], path, found && spot !== 'key' ? asWritten(node) : null);
  };
  return { source: { value, place }, findings };
}

const showPath = (path: Path): string =>
  path.map((step, i) => (typeof step === 'number' ? `[${step}]` : i === 0 ? step : `.${step}`)).join('');

/** Text in quotes, other scalars as they stand in the file, at most 60 characters of either. */
function asWritten(node: Node): string | null {
  if (!isScalar(node)) return null;
  const written = typeof node.value === 'string' ? JSON.stringify(node.value) : (node.source ?? String(node.value));
  return written.length > 60 ? `${written.slice(0, 59)}…` : written;
}
