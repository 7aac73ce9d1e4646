import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { terminalLanguage } from '../../model/terminal-language.ts';
import { loadPlan } from '../../model/load.ts';
import { startControlPlane, type ControlPlane } from './control-plane.ts';
import { kubeconfig } from './kubeconfig.ts';
import { clusterTools } from './tools.ts';

/**
 * `npm run cluster`: a real control plane for each cluster of the declaration, to try the stacks on. There is no node, so
 * pods stay pending; everything that an API server, its admission and its controllers decide is real.
 */
const words = {
  starting: { zh: '正在启动集群 {cluster} 的控制面……', en: 'starting the control plane of cluster {cluster} …' },
  ready: {
    zh: '测试集群已就绪（没有节点，Pod 会保持 Pending）：{contexts}',
    en: 'the test clusters are ready (no nodes: pods stay pending): {contexts}',
  },
  use: { zh: '在另一个终端中运行：', en: 'in another terminal:' },
  stop: { zh: '按 Ctrl-C 结束，集群及其数据随之删除', en: 'Ctrl-C ends it, and removes the clusters with their data' },
} as const;

function say(key: keyof typeof words, values: Readonly<Record<string, string>> = {}): void {
  console.log(words[key][terminalLanguage()].replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? ''));
}

const planes: Promise<ControlPlane>[] = [];
let ending = false;

/** Ends the servers, one that is being started too, and waits until they have ended; the kubeconfig goes on 'exit'. */
async function end(): Promise<void> {
  if (ending) return;
  ending = true;
  await Promise.allSettled(planes.map(async (plane) => (await plane).stop()));
  process.exit(0);
}
/** For what must not go on while `end` is at work, which ends the program. */
const never = () => new Promise<never>(() => {});
// Never `once`: a terminal's Ctrl-C comes from it and again from npm, and the second would kill this program at its work.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end());

try {
  const tools = await clusterTools();
  for (const { context } of loadPlan(process.env['GREENFLOPS_PLAN'] || 'plan').estate.clusters) {
    if (ending) break;
    say('starting', { cluster: context });
    const plane = startControlPlane(context, { scheduler: true });
    planes.push(plane);
    await plane;
  }
  const accesses = (await Promise.all(planes)).map(({ access }) => access);
  if (ending) await never();
  const folder = mkdtempSync(join(tmpdir(), 'greenflops-kubeconfig-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'kubeconfig');
  writeFileSync(path, kubeconfig(accesses), { mode: 0o600 });
  say('ready', { contexts: accesses.map(({ context }) => context).join(' ') });
  say('use');
  console.log(`  export KUBECONFIG=${path} PATH=${tools}:$PATH`);
  for (const { context } of accesses) console.log(`  kubectl --context ${context} get namespaces`);
  say('stop');
} catch (error) {
  // Servers that Ctrl-C ended at their start are no fault, and `end` is not yet done.
  if (ending) await never();
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
