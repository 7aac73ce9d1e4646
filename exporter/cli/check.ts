import { Command } from 'commander';
import { planOption, readPlan } from './plan-option.ts';
import { terminalLanguage } from '../../model/terminal-language.ts';
import type { Text } from '../../model/text.ts';

/** The exporter's commands know no cluster: what can be deployed is judged by the stacks. */
const besides: Text = {
  zh: '另外：Kubernetes 和 Kueue 对集群的要求由 npm run synth 检查',
  en: 'besides: what Kubernetes and Kueue ask of the clusters is checked by npm run synth',
};

export const check = new Command('check')
  .description('read and check the declaration / 检查声明')
  .addOption(planOption())
  .action(({ plan: dir }: { plan: string }) => {
    const { estate, accelerators, promise, hash } = readPlan(dir);
    const { sites, meters, clusters, pools, tenants } = estate;
    const said = {
      zh: `声明 ${dir} 正确：${sites.length} 个园区，${meters.length} 块表，${pools.length} 个资源池，${tenants.length} 个租户，${promise.targets.length} 个目标，目录中 ${accelerators.size} 种加速器（sha256 ${hash.slice(0, 12)}）`,
      en: `the declaration in ${dir} is right: ${sites.length} sites, ${meters.length} meters, ${pools.length} pools, ${tenants.length} tenants, ${promise.targets.length} targets, ${accelerators.size} accelerators in the catalogue (sha256 ${hash.slice(0, 12)})`,
    };
    console.log(said[terminalLanguage()]);
    if (clusters.length > 0) console.log(besides[terminalLanguage()]);
  });
