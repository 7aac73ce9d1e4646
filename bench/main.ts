// npm run bench [-- name … --write]: the benchmarks of the list, or those named; prints a table and writes var/bench.json.
// --write puts what was run on record: docs/bench.json, and docs/bench.md and bench.zh.md from it.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { kwokTool } from '../test/cluster/kwok.ts';
import { clusterTools } from '../test/cluster/tools.ts';
import { peerTools } from '../test/peers/tools.ts';
import { annualBench } from './annual.ts';
import { clientGolang } from './client-golang.ts';
import { cellsOf, ratioOf, verdictOf } from './cells.ts';
import type { Entry } from './entry.ts';
import { fleetBench } from './fleet.ts';
import { kubernetesBench } from './kubernetes.ts';
import { ledgerBench } from './ledger.ts';
import { memoryBench } from './memory.ts';
import { modbusBench } from './modbus.ts';
import { benchPages } from './pages.ts';
import { poolsScale } from './pools-scale.ts';
import { queuesBench, queuesNeed } from './queues.ts';
import { readRecord, recordPath, renewed, stampNow, type Run } from './record.ts';
import { renderBench } from './render.ts';
import { scrapeBench } from './scrape.ts';
import { snmpBench } from './snmp.ts';
import { startBench } from './start.ts';
import { synthBench } from './synth.ts';
import { turnBench } from './turn.ts';

const entries: readonly Entry[] = [
  {
    name: 'render',
    what: {
      zh: '每个周期把所有序列变成文本，抓取时只拼接；对照每次抓取都重新生成。CPU 时间。',
      en: 'Text of all series once per cycle, only put together at a scrape; the peer makes it at each scrape. CPU time.',
    },
    needs: clientGolang,
    run: renderBench,
  },
  {
    name: 'scrape',
    what: { zh: '经 HTTP 抓取所需的时间。', en: 'How long a scrape by HTTP takes.' },
    run: scrapeBench,
  },
  {
    name: 'memory',
    what: { zh: '进程占用的内存。', en: 'Memory of the process.' },
    run: memoryBench,
  },
  {
    name: 'start',
    what: { zh: '从启动到可以抓取。', en: 'From the start until it can be scraped.' },
    run: startBench,
  },
  {
    name: 'ledger',
    what: { zh: '账本的持久提交。', en: 'Durable commits of the ledger.' },
    run: ledgerBench,
  },
  {
    name: 'annual',
    what: { zh: '由 14 个月的小时行计算年度 PUE。', en: 'Annual PUE from 14 months of hours.' },
    run: annualBench,
  },
  {
    name: 'turn',
    what: {
      zh: '整点：写入所有表的小时行并重新计算，占用事件循环多久。',
      en: 'The turn of an hour: rows of all meters are written and everything is counted anew; how long the event loop is held.',
    },
    run: turnBench,
  },
  {
    name: 'modbus',
    what: {
      zh: '一千块 Modbus 表的一个周期，每个应答延迟 100 ms；其中一块不应答时的其他表。',
      en: 'A cycle of a thousand Modbus meters with 100 ms for each answer; the others while one is dead.',
    },
    run: modbusBench,
  },
  {
    name: 'snmp',
    what: { zh: '每分钟读取两千台 SNMP PDU 所用的 CPU。', en: 'CPU for two thousand SNMP PDUs read once a minute.' },
    run: snmpBench,
  },
  {
    name: 'kubernetes',
    what: {
      zh: '一万个 Kubernetes 节点的首次同步。',
      en: 'First sync of ten thousand Kubernetes nodes.',
    },
    run: kubernetesBench,
  },
  {
    name: 'fleet',
    what: {
      zh: '一个真实 Prometheus 里的八万个加速器：由服务器求和，对照逐条取回所有序列。',
      en: 'Eighty thousand accelerators in one real Prometheus: added up by its server, beside fetching every series.',
    },
    needs: peerTools,
    run: fleetBench,
  },
  {
    name: 'synth',
    what: { zh: '十个集群、五百个计算池的合成。', en: 'Synthesis of ten clusters with five hundred pools.' },
    run: synthBench,
  },
  {
    name: 'queues',
    what: {
      zh: '二十个集群、二百个 Kueue 队列：合成，以及应用到一台真实的 API 服务器。',
      en: 'Two hundred queues of Kueue over twenty clusters: their synthesis, and their apply to one real API server.',
    },
    needs: queuesNeed,
    run: queuesBench,
  },
  {
    name: 'pools-scale',
    what: {
      zh: '真实 API 服务器与调度器上的一千个 KWOK 节点，三家厂商各八卡。',
      en: 'A thousand KWOK nodes of eight chips, of three vendors, on the real API server and scheduler.',
    },
    needs: async () => [await clusterTools(), await kwokTool()],
    run: poolsScale,
  },
];

function print(rows: readonly (readonly string[])[]): void {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((cells) => cells[i]?.length ?? 0)));
  for (const cells of rows)
    console.log(
      cells
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    );
}

/** One benchmark, or why it is left out: a peer that is not on this machine is no failure. null: it failed. */
async function runOf({ name, what, needs, run }: Entry): Promise<Run | null> {
  console.error(`${name} …`);
  const about = { name, what, ...stampNow() };
  const skipped = await needs?.().then(
    () => undefined,
    (error: unknown) => String(error instanceof Error ? error.message : error),
  );
  if (skipped !== undefined) {
    console.error(`${name}: skipped: ${skipped}`);
    return { ...about, results: [], skipped };
  }
  try {
    return { ...about, results: await run() };
  } catch (error) {
    // the others are worth their minutes all the same
    console.error(`${name}: failed`, error);
    process.exitCode = 1;
    return null;
  }
}

const { values, positionals: asked } = parseArgs({
  options: { write: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const names = entries.map(({ name }) => name);
const unknown = asked.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`no benchmark ${unknown.join(', ')}; there are: ${names.join(', ')}`);
  process.exit(1);
}
const runs: Run[] = [];
for (const entry of entries.filter(({ name }) => asked.length === 0 || asked.includes(name))) {
  const run = await runOf(entry);
  if (run) runs.push(run);
}
const results = runs.flatMap((run) => run.results);
print([
  ['what', 'here', 'beside', 'better by', 'budget', 'verdict'],
  ...results.map((result) => [...cellsOf(result), verdictOf(result) ?? '']),
]);

const jsonOf = (content: object): string => `${JSON.stringify(content, null, 2)}\n`;
mkdirSync('var', { recursive: true });
const rows = results.map((result) => Object.assign({ ratio: ratioOf(result), verdict: verdictOf(result) }, result));
writeFileSync('var/bench.json', jsonOf({ ...stampNow(), results: rows }));
if (values.write) {
  const record = renewed(readRecord(), runs, names);
  writeFileSync(recordPath, jsonOf({ runs: record }));
  for (const [path, text] of benchPages(record))
    writeFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), text);
}
if (rows.some(({ verdict }) => verdict === 'broken')) process.exitCode = 1;
