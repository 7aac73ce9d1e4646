import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile, type Plugin } from 'esbuild';
import { verifier } from '../account/audit/audit-verifier.ts';
import { assets } from '../publish/page/assets.ts';
import { version } from '../version.ts';
import { notices } from './notices.ts';
import { startScript } from './start-command.ts';

/** One file of what ships; all lie in one folder. */
export interface ShippedFile {
  readonly name: string;
  readonly body: Uint8Array;
  readonly executable?: boolean;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Program -> where it begins: the command line, the thread that compares passwords, the image's health check. */
const programs = {
  greenflops: 'exporter/cli/main.ts',
  'bcrypt-worker': 'exporter/publish/http/bcrypt-worker.ts',
  health: 'exporter/ship/health.ts',
};

/** What version.ts reads, and what tells Node that this is ESM. */
const manifest = {
  name: 'greenflops',
  version,
  license: 'Apache-2.0',
  type: 'module',
  bin: { greenflops: 'greenflops.mjs' },
  engines: { node: '>=22.19' },
};

/** `debug` tries this package for colours and goes on without; left to run time it would be looked for outside. */
const withoutColours: Plugin = {
  name: 'without-colours',
  setup(bundler) {
    bundler.onResolve({ filter: /^supports-color$/ }, ({ path }) => ({ path, namespace: 'absent' }));
    bundler.onLoad({ filter: /./, namespace: 'absent' }, () => ({ contents: 'module.exports = null' }));
  },
};

/** Throws where a bundle would need something else than Node itself. */
function checkClosed({ outputs }: Metafile): void {
  for (const [output, { imports }] of Object.entries(outputs)) {
    const open = imports.map(({ path }) => path).filter((path) => !isBuiltin(path));
    if (open.length > 0)
      throw new Error(`${output} imports ${open.join(', ')}: only Node's own modules may stay outside`);
  }
}

const text = (name: string, body: string): ShippedFile => ({ name, body: Buffer.from(body) });

/** All that ships, made from the working tree; the same tree gives the same bytes. */
export async function shippedFiles(): Promise<ShippedFile[]> {
  const { outputFiles, metafile } = await build({
    entryPoints: programs,
    absWorkingDir: root,
    outdir: 'bundle',
    write: false,
    bundle: true,
    metafile: true,
    platform: 'node',
    target: 'node22.19',
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    // CommonJS packages call require() for Node's modules, which ESM does not have.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    // A quarter of the source text, which V8 keeps in memory. Names stay for stack traces, lines for what Node prints of them.
    minifyWhitespace: true,
    lineLimit: 160,
    plugins: [withoutColours],
    logLevel: 'warning',
  });
  checkClosed(metafile);
  const bundled = Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? path : [])),
  );
  return [
    ...outputFiles.map(({ path, contents }) => ({ name: basename(path), body: contents })),
    ...assets().map(({ path, body }) => ({ name: basename(path), body })),
    { name: 'verify.py', body: verifier() },
    text('package.json', `${JSON.stringify(manifest, null, 2)}\n`),
    { name: 'LICENSE', body: readFileSync(join(root, 'LICENSE')) },
    text('THIRD-PARTY.txt', notices(root, bundled)),
    { ...text('greenflops', startScript()), executable: true },
    { name: 'greenflops.service', body: readFileSync(new URL('greenflops.service', import.meta.url)) },
    { name: 'Containerfile', body: readFileSync(new URL('Containerfile', import.meta.url)) },
  ].sort((a, b) => (a.name < b.name ? -1 : 1));
}
