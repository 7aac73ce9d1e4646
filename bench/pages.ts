import type { Language, Text } from '../model/text.ts';
import { cellsOf, verdictOf } from './cells.ts';
import type { Run } from './record.ts';

const words = {
  title: { zh: '基准测试', en: 'Benchmarks' },
  other: { zh: '[English](bench.md)', en: '[中文](bench.zh.md)' },
  intro: {
    zh: '由 `npm run bench -- --write` 从 `docs/bench.json` 生成，请勿手改。每个数字旁边是同一次运行、同一台机器上由所列对照程序完成的同样的工作；“倍数”大于 1 表示本项目更好（时间或内存更少，或每秒做得更多）。机器不同，数字不同，倍数较稳定。基准不是测试：没有测试因为慢而失败。',
    en: 'Generated from `docs/bench.json` by `npm run bench -- --write`: do not edit. Beside each figure stands the same work done by the named peer in the same run on the same machine; a ratio above 1 means that ours is better (less time or memory, more work a second). Other machines give other figures, ratios are steadier. Benchmarks are no tests: no test fails because something is slow.',
  },
  heads: {
    zh: '项目 | 本项目 | 对照 | 倍数 | 预算 | 结论',
    en: 'what | ours | peer | ratio | budget | verdict',
  },
  holds: { zh: '达到', en: 'holds' },
  broken: { zh: '**未达到**', en: '**broken**' },
  skipped: { zh: '未运行', en: 'Not run' },
  cores: { zh: '核', en: 'cores' },
  changed: {
    zh: '提交号后的 + 表示工作区与该提交不同。',
    en: 'A + behind a commit: files differed from it.',
  },
} as const satisfies Record<string, Text>;

const row = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

function body({ results, skipped }: Run, language: Language): string {
  if (skipped !== undefined) return `${words.skipped[language]}: ${skipped}`;
  const rows = results.map((result) => {
    const verdict = verdictOf(result);
    return row([...cellsOf(result), verdict === null ? '' : words[verdict][language]]);
  });
  return [`| ${words.heads[language]} |`, '| --- | --- | --- | --- | --- | --- |', ...rows].join('\n');
}

function section(run: Run, language: Language): string {
  const { name, what, at, commit, cpu, cores, node } = run;
  const machine = [
    `\`npm run bench -- ${name}\``,
    at.slice(0, 10),
    commit ?? '–',
    cpu,
    `${cores} ${words.cores[language]}`,
    `Node ${node}`,
  ];
  return [`## ${name}`, what[language], machine.join(' · '), body(run, language)].join('\n\n');
}

function page(runs: readonly Run[], language: Language): string {
  return [
    `# ${words.title[language]}`,
    words.other[language],
    `${words.intro[language]} ${words.changed[language]}`,
    ...runs.map((run) => section(run, language)),
  ]
    .join('\n\n')
    .concat('\n');
}

/** The runs on record as a page in each language: path from the repository's root -> text. */
export const benchPages = (runs: readonly Run[]): ReadonlyMap<string, string> =>
  new Map([
    ['docs/bench.md', page(runs, 'en')],
    ['docs/bench.zh.md', page(runs, 'zh')],
  ]);
