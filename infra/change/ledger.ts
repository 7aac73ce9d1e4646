import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { pipeline } from 'node:stream/promises';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Text } from '../../model/text.ts';
import { inWords, Stop } from '../say.ts';
import { exporter } from '../stacks/exporter.ts';
import type { Kubectl } from './kubectl.ts';

/** Demands the site's id: typed on the terminal, or given by --confirm where there is none. Throws Stop where it differs. */
export async function confirmLedger(site: string, given: string | undefined): Promise<void> {
  const question: Text = {
    zh: `将销毁园区 ${site} 的账本（多年的电量与算力累计）。请输入园区 id 以确认：`,
    en: `this destroys the ledger of ${site}, years of its energy and work. Type the site's id to confirm: `,
  };
  let answer = given;
  if (answer === undefined && process.stdin.isTTY) {
    const terminal = createInterface({ input: process.stdin, output: process.stdout });
    answer = await terminal.question(inWords(question)).finally(() => terminal.close());
  }
  if (answer?.trim() === site) return;
  throw new Stop({
    zh: `未销毁任何东西：销毁账本必须在终端上输入园区 id ${site}，没有终端时写 --confirm ${site}${answer === undefined ? '' : `（得到的是 ${answer}）`}`,
    en: `nothing was destroyed: to destroy a ledger, type the site's id ${site} on the terminal, or without one give --confirm ${site}${answer === undefined ? '' : ` (what came was ${answer})`}`,
  });
}

const CLI = '/opt/greenflops/greenflops.mjs';
const VOLUME = '/var/lib/greenflops';
const READ = "require('fs').createReadStream(process.argv[1]).pipe(process.stdout)";
const SUM =
  "const h=require('crypto').createHash('sha256');require('fs').createReadStream(process.argv[1]).on('data',d=>h.update(d)).on('end',()=>console.log(h.digest('hex')))";
const REMOVE = "require('fs').rmSync(process.argv[1],{force:true})";

/**
 * Copies the running exporter's ledger to `folder` and proves the copy: every page read, the audit file of all that it
 * holds written beside it and recomputed. Throws Stop where any step fails; the cluster's ledger is untouched either way.
 */
export async function exportLedger(kubectl: Kubectl, site: string, plan: string, folder: string): Promise<string> {
  const pod = `${exporter.name}-0`;
  const stamp = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const there = `${VOLUME}/export-${stamp}.db`;
  const here = join(folder, `${site}-${stamp}`);
  const run = (...command: readonly string[]): readonly string[] => [
    'exec',
    '-n',
    exporter.namespace,
    pod,
    '-c',
    'exporter',
    '--',
    'node',
    ...command,
  ];
  const must = async (args: readonly string[], what: Text): Promise<string> => {
    const { code, stdout, stderr } = await kubectl.run(args);
    if (code === 0) return stdout.trim();
    throw new Stop({
      zh: `账本未导出，因此未销毁任何东西：${what.zh}失败（退出码 ${code}）\n${stderr.trim()}\n采集器必须在运行；若已停，请先部署它的 telemetry 栈`,
      en: `the ledger was not exported, so nothing was destroyed: ${what.en} failed (exit code ${code})\n${stderr.trim()}\nThe exporter must run; where it does not, deploy its telemetry stack first`,
    });
  };
  console.log(inWords({ zh: `正在从 ${pod} 导出账本……`, en: `exporting the ledger from ${pod} …` }));
  await must(run(CLI, 'backup', there, '--store', `sqlite:${VOLUME}/ledger.db`), {
    zh: '在 Pod 中备份',
    en: 'the backup in the pod',
  });
  try {
    mkdirSync(here, { recursive: true });
    const file = join(here, 'ledger.db');
    const sum = await must(run('-e', SUM, there), { zh: '计算校验和', en: 'its checksum' });
    await download(kubectl, run('-e', READ, there), file);
    const arrived = await sha256(file);
    if (arrived !== sum)
      throw new Stop({
        zh: `账本未导出，因此未销毁任何东西：收到的文件 SHA-256 ${arrived} 与 Pod 中的 ${sum} 不同`,
        en: `the ledger was not exported, so nothing was destroyed: SHA-256 ${arrived} arrived, and the pod's file has ${sum}`,
      });
    verify(file, plan, here);
    console.log(inWords({ zh: `账本已导出并核对：${here}`, en: `the ledger is exported and verified: ${here}` }));
    return here;
  } finally {
    await kubectl.run(run('-e', REMOVE, there));
  }
}

async function download({ context }: Kubectl, args: readonly string[], file: string): Promise<void> {
  const child = spawn('kubectl', ['--context', context, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [said, [code]] = await Promise.all([
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
    pipeline(child.stdout, createWriteStream(file, { mode: 0o600 })),
  ]);
  if (code !== 0)
    throw new Stop({
      zh: `账本未导出，因此未销毁任何东西：传输中断（退出码 ${code}）\n${said.trim()}`,
      en: `the ledger was not exported, so nothing was destroyed: the transfer broke off (exit code ${code})\n${said.trim()}`,
    });
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** With the exporter's own command line, as a program: this folder knows nothing of ledgers. */
function verify(file: string, plan: string, folder: string): void {
  const cli = fileURLToPath(new URL('../../exporter/cli/main.ts', import.meta.url));
  const scratch = mkdtempSync(join(tmpdir(), 'greenflops-verify-'));
  const audit = join(folder, 'audit');
  const steps = [
    ['restore', file, '--store', `sqlite:${join(scratch, 'ledger.db')}`],
    ['export', '--plan', plan, '--store', `sqlite:${join(scratch, 'ledger.db')}`, '--out', audit],
    ['export', '--verify', audit],
  ];
  try {
    for (const step of existsSync(cli) ? steps : []) {
      const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...step], { encoding: 'utf8' });
      if (status === 0) continue;
      throw new Stop({
        zh: `导出的账本没有通过核对，因此未销毁任何东西：greenflops ${step.join(' ')}（退出码 ${status}）\n${stdout}${stderr}`,
        en: `the exported ledger did not stand its check, so nothing was destroyed: greenflops ${step.join(' ')} (exit code ${status})\n${stdout}${stderr}`,
      });
    }
    if (!existsSync(cli))
      throw new Stop({ zh: `找不到 ${cli}，无法核对导出`, en: `no ${cli} to verify the export with` });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
