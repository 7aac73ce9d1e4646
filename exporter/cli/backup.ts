import { Argument, Command } from 'commander';
import { terminalLanguage } from '../../model/terminal-language.ts';
import { backupLedger, restoreLedger } from '../account/ledger/backup.ts';
import { storePath } from '../account/ledger/open-ledger.ts';
import { storeOption } from './plan-option.ts';

const file = (): Argument => new Argument('<file>', 'the backup / 备份文件');

export const backup = new Command('backup')
  .description('copy the ledger, also while the exporter runs / 在线备份账本')
  .addArgument(file())
  .addOption(storeOption())
  .action((to: string, flags: { store: string }) => {
    const { bytes } = backupLedger(storePath(flags.store), to);
    const mib = (bytes / 1_048_576).toFixed(1);
    const said = {
      zh: `已把 ${flags.store} 备份到 ${to}（${mib} MiB，已逐页检查）`,
      en: `${flags.store} was copied to ${to} (${mib} MiB, every page checked)`,
    };
    console.log(said[terminalLanguage()]);
  });

export const restore = new Command('restore')
  .description('put a backup in the place of the ledger; stop the exporter first / 用备份还原账本')
  .addArgument(file())
  .addOption(storeOption())
  .action((from: string, flags: { store: string }) => {
    const { kept } = restoreLedger(from, storePath(flags.store), Date.now());
    const said = {
      zh: `已用 ${from} 还原 ${flags.store}${kept === null ? '' : `；原账本保留在 ${kept}`}。备份之后的电能在下一次读数时按寄存器补记`,
      en: `${flags.store} is now what ${from} holds${kept === null ? '' : `; the ledger that stood there is ${kept}`}. What registers counted since the backup is credited with their next reading`,
    };
    console.log(said[terminalLanguage()]);
  });
