import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { terminalLanguage } from '../../model/terminal-language.ts';
import { cached } from '../cache.ts';

const servers = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'] as const;
const programs = [...servers, 'kubectl'] as const;
export type Program = (typeof programs)[number];

const module = fileURLToPath(new URL('control-plane', import.meta.url));
const inputs = ['go.mod', 'go.sum', 'main.go', 'kubectl/main.go'].map((name) => join(module, name));

const words = {
  building: {
    zh: '正在构建 Kubernetes 控制面与 kubectl，本机只需一次：双核约 6 分钟（含下载）……',
    en: 'Building a Kubernetes control plane and kubectl, once on this machine: about 6 minutes on 2 cores, with the downloads …',
  },
  still: { zh: '……仍在构建，已用 {minutes} 分钟', en: '… still building, {minutes} min' },
  built: { zh: '构建完成，用时 {minutes} 分钟。', en: 'Built in {minutes} min.' },
  missing: {
    zh: '需要真实的 Kubernetes 控制面，但未找到用于构建它的 Go（1.26 或更新）。请安装 Go，或将 KUBEBUILDER_ASSETS 指向存放 {programs} 的目录，然后重试。',
    en: 'A real Kubernetes control plane is needed, and there is no Go (1.26 or newer) to build it. Install Go, or point KUBEBUILDER_ASSETS at a folder with {programs}, then run this again.',
  },
  incomplete: {
    zh: 'KUBEBUILDER_ASSETS（{folder}）中缺少 {programs}。setup-envtest 的压缩包不含 kube-controller-manager 与 kube-scheduler，请补齐；或取消该变量，由 Go 构建全部程序。',
    en: 'KUBEBUILDER_ASSETS ({folder}) lacks {programs}. The archive of setup-envtest comes without kube-controller-manager and kube-scheduler: add them, or unset the variable, and Go builds them all.',
  },
} as const;

function say(key: keyof typeof words, values: Readonly<Record<string, string>> = {}): string {
  return words[key][terminalLanguage()].replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
}

/**
 * The folder that holds every program: KUBEBUILDER_ASSETS (envtest's variable) where it is set, else built once from the
 * versions that control-plane/go.mod pins, and kept in the user's cache. Rejects with what to install where neither can be.
 */
export async function clusterTools(): Promise<string> {
  const assets = process.env['KUBEBUILDER_ASSETS'];
  if (!assets) return cached('cluster', inputs, build);
  const missing = programs.filter((name) => !existsSync(join(assets, name)));
  if (missing.length > 0) throw new Error(say('incomplete', { folder: assets, programs: missing.join(', ') }));
  return assets;
}

/** A fifth less of the processors' time for a build that is debugged by nobody: no garbage is collected, no C compiled. */
export const quickly = { GOGC: 'off', CGO_ENABLED: '0' };

/** A binary of kubectl, and one of the servers with a link of each one's name to it. No VCS stamp: it is not this repository's version. */
async function build(folder: string): Promise<void> {
  const began = performance.now();
  const minutes = () => ((performance.now() - began) / 60_000).toFixed(1);
  const progress = setInterval(() => console.log(say('still', { minutes: minutes() })), 30_000);
  try {
    const go = spawn(
      'go',
      [
        'build',
        '-buildvcs=false',
        '-gcflags=all=-dwarf=false',
        `-ldflags=-s -w ${await versionFlags()}`,
        '-o',
        `${folder}/`,
        '.',
        './kubectl',
      ],
      {
        cwd: module,
        env: { ...process.env, ...quickly },
        stdio: ['ignore', 'inherit', 'pipe'],
      },
    );
    await once(go, 'spawn'); // rejects where there is no Go
    console.log(say('building'));
    let said = '';
    go.stderr.setEncoding('utf8').on('data', (chunk: string) => (said = `${said}${chunk}`.slice(-4000)));
    const [code] = (await once(go, 'close')) as [number | null];
    if (code !== 0) throw new Error(`go build in test/cluster/control-plane: exit code ${code}\n${said}`);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      throw new Error(say('missing', { programs: programs.join(', ') }), { cause: error });
    throw error;
  } finally {
    clearInterval(progress);
  }
  for (const name of servers) await symlink('control-plane', join(folder, name));
  console.log(say('built', { minutes: minutes() }));
}

/** Kubernetes' own release build sets the version by the linker; without it a server calls itself v0.0.0-master. */
async function versionFlags(): Promise<string> {
  const [, version, major, minor] =
    /k8s\.io\/kubernetes (v(\d+)\.(\d+)\.\d+)/.exec(await readFile(join(module, 'go.mod'), 'utf8')) ?? [];
  if (version === undefined)
    throw new Error('test/cluster/control-plane/go.mod requires no version of k8s.io/kubernetes');
  return Object.entries({ gitVersion: version, gitMajor: major, gitMinor: minor })
    .map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`)
    .join(' ');
}
