import { Argument, Command, Option } from 'commander';
import { planOption, readPlan } from './plan-option.ts';
import { probeMeter } from './probe-meter.ts';
import { walkDevice } from './probe-walk.ts';
import { probePool } from './probe-pool.ts';
import { Exit, exits } from './say.ts';

export const probe = new Command('probe')
  .description('read one source once, raw and scaled / 读取一个数据源一次')
  .addArgument(new Argument('<id>', 'a meter or a pool / 表或资源池'))
  .addOption(planOption())
  .addOption(
    new Option('--walk <oid>', 'list what an SNMP device holds below an OID / 列出 SNMP 设备某 OID 之下的内容'),
  )
  .action(async (id: string, { plan: dir, walk }: { plan: string; walk?: string }) => {
    const plan = readPlan(dir);
    const meter = plan.estate.meters.find((one) => one.id === id);
    const pool = plan.estate.pools.find((one) => one.id === id);
    if (walk !== undefined) await walkDevice(id, meter, walk);
    else if (meter?.source.protocol === 'file-drop') {
      throw new Exit(exits.runtime, {
        zh: `"${id}" 的读数来自文件夹 ${meter.source.folder}：每个文件的结果见 greenflops events ${id}`,
        en: `"${id}" is read from files in ${meter.source.folder}: greenflops events ${id} says what became of each`,
      });
    } else if (meter && meter.source.protocol !== 'calculated') await probeMeter(meter);
    else if (pool) await probePool(pool, plan);
    else {
      const known = [...plan.estate.meters, ...plan.estate.pools].map((one) => one.id).join(', ');
      throw new Exit(exits.runtime, {
        zh: `没有可读取的 "${id}"；已声明：${known}`,
        en: `nothing called "${id}" can be read; declared: ${known}`,
      });
    }
  });
