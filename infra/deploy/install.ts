import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { inWords, Stop } from '../say.ts';

const path = (name: string): string => fileURLToPath(new URL(`../cli/${name}`, import.meta.url));
const stamp = path('node_modules/.greenflops-stamp');

/** Installs cdktf's command line in infra/cli when its lock file says so: 600 MB, about a minute, told every 5 s. */
export async function installCli(): Promise<void> {
  const hash = createHash('sha256')
    .update(readFileSync(path('package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  let seconds = 0;
  const progress = setInterval(() => {
    seconds += 5;
    console.error(
      inWords({
        zh: `正在安装 cdktf 命令行（约 600 MB）…… ${seconds} 秒`,
        en: `Installing cdktf's command line (600 MB) … ${seconds} s`,
      }),
    );
  }, 5000);
  // npm's warnings of old packages are not the user's concern.
  const npm = spawn('npm', ['ci', '--include=optional', '--loglevel=error', '--progress=false'], {
    cwd: path(''),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code]: unknown[] = await once(npm, 'exit').finally(() => clearInterval(progress));
  if (code !== 0) {
    throw new Stop({
      zh: `cdktf 命令行安装失败：在 infra/cli 运行 npm ci（退出码 ${String(code)}）。请检查网络、npm 的软件源与代理（npm config list）和磁盘空间，再运行一次。不装也行：npm run render 输出 YAML，用 kubectl 应用`,
      en: `cdktf's command line was not installed: npm ci in infra/cli (exit code ${String(code)}). Check the network, npm's registry and proxy (npm config list) and the free disk space, then run this again. It goes without: npm run render writes YAML for kubectl`,
    });
  }
  writeFileSync(stamp, hash);
}

/** The Node 22 and the script that run it, installed by now: its terminal library has no binary for Node 24. */
export const cdktf = { node: path('node_modules/.bin/node'), script: path('node_modules/cdktf-cli/bundle/bin/cdktf') };
