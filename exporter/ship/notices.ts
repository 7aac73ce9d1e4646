import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** The innermost package folder of a bundled file's path. */
const PACKAGE = /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;
const LICENCE_FILE = /^(licen[cs]e|copying|notice)\b/i;
const manifest = z.object({ name: z.string(), version: z.string(), license: z.string() });

function notice(folder: string): string {
  const path = join(folder, 'package.json');
  const parsed = manifest.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (!parsed.success) throw new Error(`${path}: a bundled package needs name, version and license`);
  const { name, version, license } = parsed.data;
  const texts = readdirSync(folder)
    .filter((file) => LICENCE_FILE.test(file))
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim());
  if (texts.length === 0) texts.push(...licenceInReadme(folder));
  if (texts.length === 0) throw new Error(`${folder} has no licence text: its notice cannot be shipped; replace it`);
  return [`${name} ${version} (${license})`, ...texts].join('\n\n');
}

/** Some packages carry their licence as the last part of what they say of themselves. */
function licenceInReadme(folder: string): string[] {
  const readme = readdirSync(folder).find((file) => /^readme(\.(md|txt|markdown))?$/i.test(file));
  const text = readme === undefined ? '' : readFileSync(join(folder, readme), 'utf8').replaceAll('\r\n', '\n');
  const found = /^#+ licen[cs]e\n([\s\S]*)/im.exec(text)?.[1]?.trim() ?? '';
  return /permission is hereby granted|redistribution and use/i.test(found) ? [found] : [];
}

/**
 * The licence notices of all packages that have bytes in the bundle, by name. Takes paths of bundled files, relative to
 * `root`. Throws where a package states no licence or carries no text of it.
 */
export function notices(root: string, bundled: readonly string[]): string {
  const folders = new Set(bundled.flatMap((file) => PACKAGE.exec(file)?.[0] ?? []));
  const all = [...folders].map((folder) => notice(join(root, folder))).sort();
  return `Greenflops ships with code of ${all.length} packages, under these licences.\n\n${all.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}
