import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { ask, conclude, tally } from '../../model/checkup.ts';
import { terminalLanguage } from '../../model/terminal-language.ts';
import { doctorChecks } from './doctor-checks.ts';
import { option, planOption, readPlan, storeOption } from './plan-option.ts';
import { Exit, exits } from './say.ts';

interface DoctorFlags {
  readonly plan: string;
  readonly store: string;
  readonly deploy?: boolean;
  readonly kubectl?: boolean;
  readonly 'web.listenAddress': string;
  readonly 'web.config.file'?: string;
}

export const doctor = new Command('doctor')
  .description('look for what keeps the exporter, or with --deploy the deployment, from working / 检查运行或部署的环境')
  .addOption(planOption())
  .addOption(storeOption())
  .addOption(option('--web.listen-address <host:port>', 'where to serve / 监听地址', '127.0.0.1:9960'))
  .addOption(option('--web.config.file <file>', 'TLS and authentication, exporter-toolkit format / TLS 与认证'))
  .option('--deploy', 'this machine, Terraform and the clusters of the declaration / 检查本机、Terraform 与各集群')
  .option('--kubectl', 'with --deploy: nothing goes by Terraform / 与 --deploy 合用：不用 Terraform')
  .action(async (flags: DoctorFlags) => {
    if (flags.deploy) return deployment(flags.plan, flags.kubectl);
    const plan = readPlan(flags.plan);
    const count = tally();
    const title = { zh: '采集器的环境', en: "the exporter's surroundings" };
    const surroundings = {
      plan,
      dir: flags.plan,
      store: flags.store,
      listen: flags['web.listenAddress'],
      webConfig: flags['web.config.file'],
      now: Date.now,
    };
    await ask(title[terminalLanguage()], doctorChecks, surroundings, count);
    process.exitCode = conclude(count);
  });

/** What deploys is another program of the checkout, with libraries that an exporter does without. */
async function deployment(plan: string, kubectl = false): Promise<void> {
  const program = fileURLToPath(new URL('../../infra/doctor/main.ts', import.meta.url));
  if (!existsSync(program))
    throw new Exit(exits.runtime, {
      zh: `doctor --deploy 需要完整的代码库：没有 ${program}。请在克隆的仓库中运行 npm run greenflops -- doctor --deploy`,
      en: `doctor --deploy needs the whole checkout: there is no ${program}. Run npm run greenflops -- doctor --deploy in a clone of the repository`,
    });
  const child = spawn(process.execPath, [program, '--plan', plan, ...(kubectl ? ['--kubectl'] : [])], {
    stdio: 'inherit',
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  process.exitCode = code ?? exits.runtime;
}
