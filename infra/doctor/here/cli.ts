import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Checkup } from '../../../model/checkup.ts';
import { cdktf } from '../../deploy/install.ts';
import type { Here } from '../context.ts';

const NODES = new Set(['20', '22']); // its terminal library has binaries for no other

export const cli: Checkup<Here> = {
  name: { zh: 'cdktf 命令行', en: "cdktf's command line" },
  run: () => {
    const { node, script } = cdktf;
    const absent = [script, node].find((path) => !existsSync(path));
    if (absent !== undefined)
      return {
        troubles: [
          {
            where: absent,
            what: {
              zh: '还没有安装（约 600 MB，需要 npm 的软件源）',
              en: "is not installed yet (600 MB, from npm's registry)",
            },
            todo: {
              zh: '运行 npm run deploy 会安装；没有网络时：在能联网的机器上到 infra/cli 运行 npm ci，把整个 infra/cli/node_modules 复制过来',
              en: 'npm run deploy installs it; without a network run npm ci in infra/cli on a machine that has one, and copy infra/cli/node_modules here',
            },
          },
        ],
      };
    const { stdout, error } = spawnSync(node, ['--version'], { encoding: 'utf8' });
    const version = stdout?.trim() ?? '';
    if (NODES.has(/^v(\d+)\./.exec(version)?.[1] ?? ''))
      return { ok: { zh: `已安装，用 Node ${version} 运行`, en: `installed, run by Node ${version}` } };
    return {
      troubles: [
        {
          where: node,
          what: {
            zh: `cdktf 要用 Node 20 或 22 运行，这里是 ${version || error?.message}`,
            en: `cdktf is run by Node 20 or 22, and this is ${version || error?.message}`,
          },
          todo: { zh: '在 infra/cli 运行 npm ci', en: 'run npm ci in infra/cli' },
        },
      ],
    };
  },
};
