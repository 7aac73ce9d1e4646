import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Text } from '../../model/text.ts';
import { Stop } from '../say.ts';

/** Terraform's own name is not certain: OpenTofu calls itself tofu. cdktf reads the same variable. */
const binary = (): string => process.env['TERRAFORM_BINARY_NAME'] ?? 'terraform';

/** Throws where there is no Terraform to run. */
export function requireTerraform(): void {
  const { error } = spawnSync(binary(), ['version'], { stdio: 'ignore' });
  if (!error) return;
  throw new Stop({
    zh: `PATH 中没有 ${binary()}（${error.message}）。请安装 Terraform 1.11 或更新版本，或用 TERRAFORM_BINARY_NAME 指明程序（OpenTofu：tofu）。没有 Terraform 时：npm run render 输出 YAML，用 kubectl 应用`,
    en: `there is no ${binary()} on the PATH (${error.message}). Install Terraform 1.11 or newer, or name the program in TERRAFORM_BINARY_NAME (OpenTofu: tofu). Without it: npm run render writes YAML for kubectl`,
  });
}

const PROVIDER = { source: 'hashicorp/kubernetes', version: '2.38.0' };

/** Whether Terraform finds the provider, tried in an empty folder: what to do where it does not, undefined where it does. */
export function missingProvider(): Text | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'greenflops-provider-'));
  try {
    writeFileSync(
      join(folder, 'main.tf.json'),
      JSON.stringify({ terraform: { required_providers: { kubernetes: PROVIDER } } }),
    );
    const { status, stderr } = spawnSync(binary(), ['init', '-input=false', '-no-color'], {
      cwd: folder,
      encoding: 'utf8',
    });
    if (status === 0) return undefined;
    const { source, version } = PROVIDER;
    return {
      zh: `Terraform 找不到 provider ${source} ${version}：\n${stderr.trim()}\n离线环境：在能联网的机器上运行 terraform -chdir=cdktf.out/stacks/<栈> providers mirror 目录，把目录带进来，写一个含 provider_installation { filesystem_mirror { path = "目录" } } 的文件，用 TF_CLI_CONFIG_FILE 指向它。直接运行 cdktf deploy 时还要设 TF_CLI_ARGS_providers_lock=-fs-mirror=目录，或加 --skip-provider-lock（npm run deploy 已自动加上）`,
      en: `Terraform does not find provider ${source} ${version}:\n${stderr.trim()}\nWithout a network: run terraform -chdir=cdktf.out/stacks/<stack> providers mirror DIR on a machine that has one, bring DIR here, write a file that holds provider_installation { filesystem_mirror { path = "DIR" } } and name it in TF_CLI_CONFIG_FILE. A cdktf deploy of your own also needs TF_CLI_ARGS_providers_lock=-fs-mirror=DIR or --skip-provider-lock (npm run deploy adds it)`,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
