import { spawnSync } from 'node:child_process';
import type { Checkup } from '../../../model/checkup.ts';
import type { Here } from '../context.ts';

const LEAST = [1, 11]; // write-only arguments and S3's lock file

export const terraform: Checkup<Here> = {
  name: { zh: 'Terraform', en: 'Terraform' },
  run: ({ environment }) => {
    const name = environment['TERRAFORM_BINARY_NAME'] ?? 'terraform';
    const { error, stdout } = spawnSync(name, ['version', '-json'], { encoding: 'utf8', env: environment });
    if (error)
      return {
        troubles: [
          {
            what: {
              zh: `PATH 中没有 ${name}（${error.message}）`,
              en: `there is no ${name} on the PATH (${error.message})`,
            },
            todo: {
              zh: '安装 Terraform 1.11 或更新版本，或用 TERRAFORM_BINARY_NAME 指明程序（OpenTofu：tofu）；没有 Terraform 时用 npm run render 和 kubectl',
              en: 'install Terraform 1.11 or newer, or name the program in TERRAFORM_BINARY_NAME (OpenTofu: tofu); without it go by npm run render and kubectl',
            },
          },
        ],
      };
    const version = /"terraform_version":\s*"([^"]+)"/.exec(stdout)?.[1];
    const [major = 0, minor = 0] = version?.split('.').map(Number) ?? [];
    if (version === undefined)
      return { unknown: { zh: `${name} version -json 没有给出版本`, en: `${name} version -json tells no version` } };
    const [leastMajor = 0, leastMinor = 0] = LEAST;
    const said = `${name} ${version}`;
    // OpenTofu counts its versions for itself.
    if (name !== 'terraform' || major > leastMajor || (major === leastMajor && minor >= leastMinor))
      return { ok: { zh: said, en: said } };
    return {
      troubles: [
        {
          what: {
            zh: `${said} 太旧，需要 ${LEAST.join('.')} 或更新`,
            en: `${said} is too old; ${LEAST.join('.')} or newer is needed`,
          },
          todo: {
            zh: '升级 Terraform，或用 TERRAFORM_BINARY_NAME 指明较新的程序',
            en: 'upgrade Terraform, or name a newer program in TERRAFORM_BINARY_NAME',
          },
        },
      ],
    };
  },
};
