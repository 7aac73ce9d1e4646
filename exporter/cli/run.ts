import { Command } from 'commander';
import cron from 'node-cron';
import { pino } from 'pino';
import { storePath } from '../account/open-ledger.ts';
import { Exporter } from '../exporter.ts';
import { startServer } from '../publish/server.ts';
import { version } from '../version.ts';
import { option, planOption, readPlan, storeOption } from './plan-option.ts';
import { Exit, exits, terminalLanguage } from './say.ts';

interface RunFlags {
  readonly plan: string;
  readonly site?: string;
  readonly province?: boolean;
  readonly store: string;
  readonly 'web.listenAddress': string;
  readonly 'web.telemetryAddress'?: string;
  readonly 'web.config.file'?: string;
  readonly 'log.level': string;
}

/** After a signal the exporter has this long to break off, commit and close. */
const STOP_MS = 8000;

export const run = new Command('run')
  .description('read the devices, keep the ledger, serve /metrics and the page / 运行')
  .addOption(planOption())
  .addOption(option('--site <id>', 'only this site / 只运行一个园区').conflicts('province'))
  .addOption(option('--province', 'all sites (the default) / 全部园区(默认)'))
  .addOption(storeOption())
  .addOption(option('--web.listen-address <host:port>', 'where to serve / 监听地址', '127.0.0.1:9960'))
  .addOption(
    option('--web.telemetry-address <host:port>', "serve the exporter's own metrics apart / 自身指标的监听地址"),
  )
  .addOption(option('--web.config.file <file>', 'TLS and authentication, exporter-toolkit format / TLS 与认证'))
  .addOption(option('--log.level <level>', 'debug, info, warn or error / 日志级别', 'info'))
  .action(async (flags: RunFlags) => {
    const log = pino({ level: flags['log.level'], base: null, redact: ['*.password', '*.token'] }, pino.destination(2));
    const plan = readPlan(flags.plan);
    const known = plan.estate.sites.map(({ id }) => id);
    if (flags.site !== undefined && !known.includes(flags.site)) {
      throw new Exit(exits.declaration, {
        zh: `园区 "${flags.site}" 未声明;已声明:${known.join('、')}`,
        en: `site "${flags.site}" is not declared; declared: ${known.join(', ')}`,
      });
    }
    const sites = flags.site === undefined ? known : [flags.site];
    const server = await startServer({
      plan,
      listen: flags['web.listenAddress'],
      telemetryListen: flags['web.telemetryAddress'],
      webConfig: flags['web.config.file'],
      warn: (text) => log.warn(text[terminalLanguage()]),
    });
    const publishFailed = (error: unknown): void => log.error({ err: error }, 'publish_failed');
    let exporter: Exporter;
    try {
      exporter = new Exporter({
        plan,
        sites,
        version,
        ledger: storePath(flags.store),
        insecure: server.insecure,
        publish: (snapshot) => server.publish(snapshot),
        appendix: () => server.appendix(),
        commitFailed: (error) => log.error({ err: error }, 'ledger_commit_failed'),
        publishFailed,
        sampleRefused: (error) => log.error({ err: error }, 'sample_refused'),
      });
    } catch (error) {
      await server.close();
      throw error;
    }
    const timetable = cron.schedule('* * * * * *', () => exporter.beat().catch(publishFailed), {
      timezone: 'UTC',
      noOverlap: false,
    });
    log.info({ listen: server.url, sites, store: flags.store, plan: plan.hash.slice(0, 12) }, 'running');
    console.log({ zh: `页面:${server.url}`, en: `page: ${server.url}` }[terminalLanguage()]);

    let stopping = false;
    const stop = async (signal: NodeJS.Signals): Promise<void> => {
      // A terminal and whoever started this may both hand on the same Ctrl-C.
      if (stopping) return;
      stopping = true;
      log.info({ signal }, 'stopping');
      setTimeout(() => process.exit(exits.runtime), STOP_MS).unref();
      await timetable.destroy();
      await exporter.stop();
      await server.close();
      process.exit(exits.ok);
    };
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal));
  });
