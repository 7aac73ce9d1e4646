import { userInfo } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { Argument, Command } from 'commander';
import type { Plan } from '../../model/plan.ts';
import { parseDecimal, type Rational } from '../../model/rational.ts';
import { terminalLanguage } from '../../model/terminal-language.ts';
import type { Text } from '../../model/text.ts';
import { Accountant } from '../account/ledger/accountant.ts';
import { lookAround, storedRegister } from '../account/past/instruction-found.ts';
import { judgeInstruction } from '../account/past/instruction-judge.ts';
import { Instructions, type Done, type Instruction } from '../account/past/instruction.ts';
import { Clerk } from '../account/past/instructions.ts';
import { isLocked } from '../account/ledger/ledger-file.ts';
import { Ledger } from '../account/ledger/ledger.ts';
import { openBesideWriter, readLedger, storePath } from '../account/ledger/open-ledger.ts';
import { Past } from '../account/past/past.ts';
import { evidenceFlag, meterOf, timeFlag } from './adjust.ts';
import { reasonFlag } from './close.ts';
import { option, planOption, readPlan, storeOption } from './plan-option.ts';
import { Exit, exits } from './say.ts';

/** The running exporter looks for instructions each second, and commits within a cycle. */
const WAIT_MS = 15_000;
const POLL_MS = 250;

const say = (text: Text): void => console.log(text[terminalLanguage()]);

function levelFlag(flag: string, text: string): Rational {
  const level = parseDecimal(text);
  if (level) return level;
  throw new Exit(exits.runtime, {
    zh: `${flag} "${text}" 不是十进制数：请填 greenflops probe 所示的寄存器原始值`,
    en: `${flag} "${text}" is no decimal number: give the register's raw value, as greenflops probe shows it`,
  });
}

/** No exporter runs: this command is the ledger's one writer for a moment, and does what the exporter would do. */
function applyHere(path: string, plan: Plan): void {
  const ledger = new Ledger(path);
  try {
    const { database } = ledger;
    const hash = database.prepare("SELECT value FROM meta WHERE key = 'plan'").get()?.['value'];
    // What the declaration changed is for the exporter to note when it starts.
    const accountant = new Accountant(ledger, String(hash ?? plan.hash), new Map(), Date.now(), new Past(database));
    new Clerk(database, accountant, plan.estate.meters).apply(Date.now());
  } finally {
    ledger.close();
  }
}

/** Puts the instruction in the ledger and waits for the writer's answer. */
async function submit(path: string, plan: Plan, instruction: Instruction): Promise<Done> {
  const { database, close } = openBesideWriter(path);
  try {
    const meter = meterOf(plan.estate.meters, instruction.meter);
    const now = Date.now();
    const found = lookAround(database, instruction, { now, register: storedRegister(database, meter.id) });
    const decision = judgeInstruction(instruction, meter, found);
    if ('refused' in decision) throw new Exit(exits.findings, decision.refused);
    const instructions = new Instructions(database);
    const id = instructions.put(instruction, now);
    for (const end = performance.now() + WAIT_MS; performance.now() < end; await sleep(POLL_MS)) {
      if (!isLocked(path)) applyHere(path, plan);
      const outcome = instructions.outcome(id);
      if (outcome === null) continue;
      if ('refused' in outcome) throw new Exit(exits.findings, outcome.refused);
      return outcome.done;
    }
    throw new Exit(exits.runtime, {
      zh: `抄表已提交（第 ${id} 条指令），但运行中的采集器 ${WAIT_MS / 1000} 秒内没有处理：它恢复后会自动入账，请勿重复提交；结果见 greenflops events ${meter.id}`,
      en: `the reading is in the ledger (instruction ${id}), but the running exporter did not carry it out within ${WAIT_MS / 1000} s: it will when it can, do not give it again; greenflops events ${meter.id} shows what came of it`,
    });
  } finally {
    close();
  }
}

interface Flags {
  readonly plan: string;
  readonly store: string;
  readonly at: string;
  readonly who: string;
  readonly why: string;
  readonly evidence?: string;
}

async function run(
  meter: string,
  kind: Instruction['kind'],
  levels: Pick<Instruction, 'value' | 'initial'>,
  flags: Flags,
): Promise<void> {
  const plan = readPlan(flags.plan);
  meterOf(plan.estate.meters, meter);
  const path = storePath(flags.store);
  // Says that there is no ledger, where the next line would make one.
  readLedger(path).close();
  const { from, to, millijoules } = await submit(path, plan, {
    ...levels,
    meter,
    kind,
    at: timeFlag('--at', flags.at),
    who: reasonFlag('--who', flags.who),
    why: reasonFlag('--why', flags.why),
    evidence: flags.evidence === undefined ? null : evidenceFlag(flags.evidence),
  });
  const span = `${new Date(from).toISOString()} – ${new Date(to).toISOString()}`;
  const kwh = (Number(millijoules) / 3.6e9).toFixed(3);
  say({
    zh: `表 "${meter}" 的缺口 ${span} 已补上：${kwh} kWh（人工）。对外计数器不变；完整包含该缺口的窗口已重新给出，见 greenflops events`,
    en: `the gap ${span} of the meter "${meter}" is closed: ${kwh} kWh (manual). The exposed counter stays; windows that hold the whole gap were issued again, see greenflops events`,
  });
}

const subcommand = (name: string, description: string, why: string): Command =>
  new Command(name)
    .description(description)
    .addArgument(new Argument('<id>', 'a meter / 电表'))
    .addOption(planOption())
    .addOption(storeOption())
    .addOption(option('--at <time>', 'when it was read, ISO 8601 with zone / 抄表时间').makeOptionMandatory())
    .addOption(option('--who <name>', 'who read it / 抄表人', userInfo().username))
    .addOption(option('--why <text>', 'the reason, kept for ever / 原因', why))
    .addOption(option('--evidence <file>', 'a photo, a bill: its name and SHA-256 are kept / 依据文件'));

const read = subcommand('read', 'a hand reading, or a bill that states the register / 人工抄表', 'hand reading')
  .addOption(option('--value <x>', 'the raw register level / 寄存器原始值').makeOptionMandatory())
  .action((id: string, flags: Flags & { value: string }) =>
    run(id, 'read', { value: levelFlag('--value', flags.value), initial: null }, flags),
  );

const replace = subcommand('replace', 'the meter was replaced by another one / 换表', 'meter replaced')
  .addOption(option('--old-final <x>', 'the last raw level of the old meter / 旧表止码').makeOptionMandatory())
  .addOption(option('--new-initial <y>', 'the first raw level of the new meter / 新表起码').makeOptionMandatory())
  .action((id: string, flags: Flags & { oldFinal: string; newInitial: string }) => {
    const value = levelFlag('--old-final', flags.oldFinal);
    return run(id, 'replace', { value, initial: levelFlag('--new-initial', flags.newInitial) }, flags);
  });

export const meter = new Command('meter')
  .description('what somebody read off a meter: closes its gap, moves no counter / 人工抄表与换表')
  .addCommand(read)
  .addCommand(replace)
  .addHelpText(
    'after',
    `
Levels are raw register values, as 'greenflops probe' shows them. The energy counts for windows that hold the whole gap.
数值为寄存器原始值（见 greenflops probe）；补上的电量计入完整包含该缺口的窗口。`,
  );
