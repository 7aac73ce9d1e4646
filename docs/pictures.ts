// npm run pictures [-- FOLDER]: starts the demonstration on a ledger of its own and takes the README's pictures of its
// page with headless Chromium. Needs Debian's chromium and fonts-noto-cjk, or their like.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { languages, type Language } from '../model/text.ts';
import { tally } from '../test/tally.ts';

const folder = process.argv[2] ?? 'docs';
const size = { width: 1280, height: 1180 };
const scratch = mkdtempSync(join(tmpdir(), 'greenflops-pictures-'));
mkdirSync(folder, { recursive: true });

/** The address of the demonstration's page; rejects with what it said where it ends early. */
async function demonstration(): Promise<{ url: string; end: () => Promise<unknown> }> {
  const child = spawn(process.execPath, ['demo.ts'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, GREENFLOPS_DEMO: join(scratch, 'demo'), GREENFLOPS_LANG: 'en' },
  });
  const exit = once(child, 'exit');
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /http:\/\/\S+/.exec(line)?.[0];
    if (url === undefined) continue;
    const end = () => {
      child.kill('SIGTERM');
      return exit;
    };
    return { url, end };
  }
  throw new Error('the demonstration ended before its page was there; why stands above');
}

async function take(url: string, language: Language): Promise<void> {
  const file = join(folder, `page.${language}.png`);
  const flags = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
    '--hide-scrollbars',
    `--user-data-dir=${join(scratch, 'chromium')}`,
    `--window-size=${size.width},${size.height}`,
    '--virtual-time-budget=4000',
    `--screenshot=${file}`,
  ];
  await promisify(execFile)('chromium', [...flags, `${url}/?lang=${language}`]).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      throw new Error('chromium is not on the PATH: install it (Debian: apt-get install chromium fonts-noto-cjk)');
    throw error;
  });
  // PNG (RFC 2083): width and height stand at 16 and 20 of the header chunk.
  const png = readFileSync(file);
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  if (width !== size.width || height !== size.height) throw new Error(`${file}: ${width} × ${height}`);
  if (png.length < 50_000) throw new Error(`${file} has ${png.length} bytes: the page is empty`);
}

/** What a viewer must see within ten seconds of the page's address: a PUE with its coverage for every window. */
async function windowsAreThere(url: string): Promise<void> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    const status = (await (await fetch(`${url}/api/v1/status`)).json()) as {
      /** absent before the first snapshot */
      sites?: { id: string; demo: boolean; pue: { window: string; ratio: number | null; coverage: number | null }[] }[];
    };
    const missing = (status.sites ?? []).flatMap(({ id, demo, pue }) => [
      ...(demo ? [] : [`${id}: no mark of a demonstration`]),
      ...pue.flatMap(({ window, ratio, coverage }) => (ratio === null || coverage === null ? `${id} ${window}` : [])),
    ]);
    if (missing.length === 0 && status.sites?.length) return;
    if (performance.now() > deadline) throw new Error(`after 10 s there is no PUE of ${missing.join(', ')}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

try {
  const { url, end } = await demonstration();
  await tally('pictures', [
    ['within 10 s of its address the page has every window', () => windowsAreThere(url)],
    ...languages.map((language) => [`${folder}/page.${language}.png`, () => take(url, language)] as const),
  ]);
  await end();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
