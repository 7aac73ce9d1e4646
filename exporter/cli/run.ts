import { getHeapStatistics } from 'node:v8';
import { Command } from 'commander';
import { pino } from 'pino';
import { storePath } from '../account/ledger/open-ledger.ts';
import { Exporter } from '../exporter.ts';
import { SERIES_BUDGET } from '../publish/exposition.ts';
import { startServer } from '../publish/server.ts';
import { watchDeclaration } from '../reload.ts';
import { startTimetable } from '../timetable.ts';
import type { Text } from '../../model/text.ts';
import { heapMib } from '../v8-flags.ts';
import { version } from '../version.ts';
import { terminalLanguage } from '../../model/terminal-language.ts';
import { reasonFlag } from './close.ts';
import { option, planOption, readPlan, storeOption } from './plan-option.ts';
import { Exit, exits } from './say.ts';

interface RunFlags {
  readonly plan: string;
  readonly site?: string;
  readonly province?: boolean;
  readonly store: string;
  readonly 'web.listenAddress': string;
  readonly 'web.telemetryAddress'?: string;
  readonly 'web.config.file'?: string;
  readonly 'web.maxSeries': string;
  readonly 'log.level': string;
  readonly restate?: string;
}

const LEVELS = ['debug', 'info', 'warn', 'error'];

const insecure: Text = {
  zh: '采集器在本机以外监听，既无 TLS 也无认证：请用 --web.config.file 给出其一，或改在回环地址监听',
  en: 'the exporter listens beyond this machine without TLS or authentication: give one of them with --web.config.file, or listen on loopback',
};

const smallHeap: Text = {
  zh: '--web.max-series 超出了内存限制：序列会在达到上限之前被舍弃。请改用环境变量 GREENFLOPS_WEB_MAX_SERIES，启动脚本会据此设定限制',
  en: '--web.max-series is more than the memory limits allow: series will be dropped before it is reached. Set it as GREENFLOPS_WEB_MAX_SERIES, from which the start script takes its limits',
};

function seriesFlag(text: string): number {
  if (/^[1-9]\d{0,7}$/.test(text)) return Number(text);
  throw new Exit(exits.runtime, {
    zh: `--web.max-series "${text}" 不是序列数：请写成如 ${SERIES_BUDGET} 的正整数`,
    en: `--web.max-series "${text}" is no number of series: write a whole number like ${SERIES_BUDGET}`,
  });
}

/** After a signal the exporter has this long to break off, commit and close. */
const STOP_MS = 8000;

export const run = new Command('run')
  .description('read the devices, keep the ledger, serve /metrics and the page / 运行')
  .addOption(planOption())
  .addOption(option('--site <id>', 'only this site / 只运行一个园区').conflicts('province'))
  .addOption(
    option(
      '--province',
      'all sites (the default); of those with a `prometheus` in estate.yaml the sums alone / 全部园区（默认）；estate.yaml 中写了 prometheus 的园区只取其和',
    ),
  )
  .addOption(storeOption())
  .addOption(option('--web.listen-address <host:port>', 'where to serve / 监听地址', '127.0.0.1:9960'))
  .addOption(
    option('--web.telemetry-address <host:port>', "serve the exporter's own metrics apart / 自身指标的监听地址"),
  )
  .addOption(option('--web.config.file <file>', 'TLS and authentication, exporter-toolkit format / TLS 与认证'))
  .addOption(option('--web.max-series <count>', 'series served at most / 序列数上限', String(SERIES_BUDGET)))
  .addOption(
    option(
      '--restate <reason>',
      'make hours of months that are not closed what the declaration says of them now / 按声明重述未结账的过去',
    ),
  )
  .addOption(option('--log.level <level>', 'least severe line that is logged / 日志级别', 'info').choices(LEVELS))
  .action(async (flags: RunFlags) => {
    const log = pino({ level: flags['log.level'], base: null, redact: ['*.password', '*.token'] }, pino.destination(2));
    const plan = readPlan(flags.plan);
    const known = plan.estate.sites.map(({ id }) => id);
    if (flags.site !== undefined && !known.includes(flags.site)) {
      throw new Exit(exits.declaration, {
        zh: `园区 "${flags.site}" 未声明；已声明：${known.join('、')}`,
        en: `site "${flags.site}" is not declared; declared: ${known.join(', ')}`,
      });
    }
    // A province takes the sums of sites that have a Prometheus from there; whoever runs one site reads its devices.
    const remote =
      flags.site === undefined ? plan.estate.sites.filter((site) => site.prometheus).map(({ id }) => id) : [];
    const sites = flags.site === undefined ? known.filter((id) => !remote.includes(id)) : [flags.site];
    const seriesBudget = seriesFlag(flags['web.maxSeries']);
    const heap = Math.round(getHeapStatistics().heap_size_limit / 2 ** 20);
    if (heap < heapMib(seriesBudget)) {
      log.warn({ series: seriesBudget, heapMib: heap, neededMib: heapMib(seriesBudget) }, 'heap_small');
      console.error(smallHeap[terminalLanguage()]);
    }
    const server = await startServer({
      plan,
      listen: flags['web.listenAddress'],
      telemetryListen: flags['web.telemetryAddress'],
      webConfig: flags['web.config.file'],
      warn: (text) => log.warn(text[terminalLanguage()]),
    });
    if (server.insecure) {
      log.warn({ listen: server.url }, 'insecure_bind');
      console.error(insecure[terminalLanguage()]);
    }
    const publishFailed = (error: unknown): void => log.error({ err: error }, 'publish_failed');
    let exporter: Exporter;
    try {
      exporter = new Exporter({
        plan,
        sites,
        remote,
        version,
        ledger: storePath(flags.store),
        insecure: server.insecure,
        seriesBudget,
        publish: (snapshot, by) => server.publish(snapshot, by),
        appendix: () => server.appendix(),
        commitFailed: (error) => log.error({ err: error }, 'ledger_commit_failed'),
        restate: flags.restate === undefined ? undefined : reasonFlag('--restate', flags.restate),
        pastDiffers: (what) => log.warn({ ...what, flag: '--restate REASON' }, 'past_differs'),
        publishFailed,
        sampleRefused: (error) => log.error({ err: error }, 'sample_refused'),
      });
    } catch (error) {
      await server.close();
      throw error;
    }
    const timetable = startTimetable({ beat: () => exporter.beat().catch(publishFailed) });
    const reload = watchDeclaration({ dir: flags.plan, exporter, log });

    let stopping = false;
    const stop = async (signal: NodeJS.Signals): Promise<void> => {
      // A terminal and whoever started this may both hand on the same Ctrl-C.
      if (stopping) return;
      stopping = true;
      log.info({ signal }, 'stopping');
      setTimeout(() => process.exit(exits.runtime), STOP_MS).unref();
      reload.close();
      await timetable.stop();
      let code: number = exits.ok;
      try {
        await exporter.stop();
      } catch (error) {
        log.error({ err: error, store: flags.store }, 'last_commit_failed');
        const why = String(error);
        const said = {
          zh: `账本 ${flags.store} 拒绝了最后一次提交（${why}）：上次提交之后的读数未入账。请检查磁盘空间与权限`,
          en: `the ledger ${flags.store} refused the last commit (${why}): readings since the commit before are not credited. Check disk space and permissions`,
        };
        console.error(said[terminalLanguage()]);
        code = exits.runtime;
      }
      await server.close();
      process.exit(code);
    };
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal));
    // Of a terminal it means that the terminal is gone, of anybody else that the declaration has changed.
    process.on('SIGHUP', (signal) => void (process.stdin.isTTY ? stop(signal) : reload.now()));

    // Said last: whoever waits for this line may send a signal at once.
    log.info({ listen: server.url, sites, store: flags.store, plan: plan.hash.slice(0, 12) }, 'running');
    console.log({ zh: `页面：${server.url}`, en: `page: ${server.url}` }[terminalLanguage()]);
  });
