// node docs/devices/probe-output.ts: writes into README.md and README.zh.md what `greenflops probe` says of the twin's devices.
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Language } from '../../model/text.ts';
import { freePort } from '../../test/exporter-process.ts';
import { planFolder } from '../../test/plan-folder.ts';
import { onFreePorts } from '../../test/twin-scene.ts';
import { startTwin } from '../../twin/twin.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** The instant of the twin: its registers stand where they stood then in every run. */
const NOW = Date.parse('2026-11-30T10:00:00+08:00');
/** A pool has a line for each device. */
const MOST_LINES = 5;

export const devicePages: Readonly<Record<Language, string>> = {
  en: 'docs/devices/README.md',
  zh: 'docs/devices/README.zh.md',
};

/** `<!-- probe ID -->`, a block of code, `<!-- end -->` */
const BLOCK = /(?<=<!-- probe (?<id>[\w-]+) -->\n)[^]*?(?=<!-- end -->)/g;

function shortened(text: string): string {
  const lines = text.trimEnd().split('\n');
  const rest = lines.length - MOST_LINES;
  return rest > 0 ? [...lines.slice(0, MOST_LINES), `  … (+${rest})`].join('\n') : lines.join('\n');
}

/** The pages with the output of their probes, each by the real command against the twin of the shipped declaration. */
export async function probedPages(): Promise<ReadonlyMap<string, string>> {
  const { dir, remove } = planFolder(await onFreePorts(readFileSync(`${root}/plan/estate.yaml`, 'utf8')));
  try {
    const control = `127.0.0.1:${await freePort()}`;
    const twin = await startTwin({ plan: dir, control, clock: { now: () => NOW } });
    try {
      const pages = new Map<string, string>();
      for (const [language, path] of Object.entries(devicePages)) {
        const page = readFileSync(`${root}/${path}`, 'utf8');
        const said = new Map<string, string>();
        for (const { groups } of page.matchAll(BLOCK)) {
          const id = groups?.['id'] ?? '';
          const args = ['exporter/cli/main.ts', 'probe', id, '--plan', dir];
          const env = { ...process.env, GREENFLOPS_LANG: language };
          const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, env });
          said.set(id, `\`\`\`text\n$ greenflops probe ${id}\n${shortened(stdout)}\n\`\`\`\n`);
        }
        pages.set(
          path,
          page.replaceAll(BLOCK, (_, id: string) => said.get(id) ?? ''),
        );
      }
      return pages;
    } finally {
      await twin.close();
    }
  } finally {
    remove();
  }
}

if (import.meta.main) for (const [path, page] of await probedPages()) writeFileSync(`${root}/${path}`, page);
