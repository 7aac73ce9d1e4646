import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Checkup } from '../../../model/checkup.ts';
import type { Here } from '../context.ts';

/** `cdktf deploy` without more words runs `terraform providers lock`, which asks the registry even where a mirror is named. */
export const lock: Checkup<Here> = {
  name: { zh: '离线时的锁文件陷阱', en: 'lock trap without a network' },
  run: async ({ environment, outdir, reachesRegistry }) => {
    if (environment['TF_CLI_ARGS_providers_lock'])
      return { ok: { zh: '已设 TF_CLI_ARGS_providers_lock', en: 'TF_CLI_ARGS_providers_lock is set' } };
    const folder = join(outdir, 'stacks');
    const stacks = existsSync(folder) ? readdirSync(folder) : [];
    if (stacks.length > 0 && stacks.every((stack) => existsSync(join(folder, stack, '.terraform.lock.hcl'))))
      return { ok: { zh: '每个栈都已有锁文件', en: 'each stack has its lock file' } };
    if (await reachesRegistry())
      return { ok: { zh: '能访问 registry.terraform.io', en: 'registry.terraform.io answers' } };
    return {
      troubles: [
        {
          what: {
            zh: 'registry.terraform.io 无法访问：直接运行 cdktf deploy 会在 terraform providers lock 处失败，有镜像目录也一样',
            en: 'registry.terraform.io does not answer: a cdktf deploy of your own fails at terraform providers lock, a mirror notwithstanding',
          },
          todo: {
            zh: '用 npm run deploy（已带 --skip-provider-lock）；自己运行 cdktf 时加上该选项，或 export TF_CLI_ARGS_providers_lock=-fs-mirror=镜像目录',
            en: 'go by npm run deploy, which says --skip-provider-lock; to cdktf of your own add that flag, or export TF_CLI_ARGS_providers_lock=-fs-mirror=DIR',
          },
        },
      ],
    };
  },
};
