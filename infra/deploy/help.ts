import type { Text } from '../../model/text.ts';
import { flags } from './flags.ts';

const uses: readonly (readonly [string, Text])[] = [
  ['diff', { zh: '部署会改变什么；只看不写', en: 'what a deploy would change; writes nothing' }],
  ['deploy', { zh: '让集群成为声明的样子', en: 'makes the clusters what is declared' }],
  ['destroy', { zh: '撤去部署的一切，账本除外', en: 'removes all that was deployed but the ledgers' }],
];
const examples: readonly (readonly [string, Text])[] = [
  ['npm run diff', { zh: '所有集群', en: 'every cluster' }],
  ['npm run deploy -- --kubectl', { zh: '不用 Terraform', en: 'without Terraform' }],
  ['npm run deploy -- nc-a-pools', { zh: '只部署一个栈', en: 'one stack alone' }],
  [
    "npm run deploy -- 'py-a-*' --drain",
    { zh: '一个集群，先腾空要撤去的', en: 'one cluster; what goes is emptied first' },
  ],
  ['npm run destroy -- --ledger nanchang', { zh: '销毁一个园区的账本', en: 'the ledger of one site' }],
];

function table(language: keyof Text): string {
  const rows = Object.entries(flags).map(([name, { value, verbs, text, cdktf }]) => {
    const left = value ? `${name} ${value[language]}` : name;
    const whose = verbs.length < uses.length ? ` (${verbs.join(', ')})` : '';
    return [cdktf === true, `  ${left.padEnd(30)} ${text[language]}${whose}`] as const;
  });
  const [own, others] = [false, true].map((is) => rows.flatMap(([cdktf, line]) => (cdktf === is ? [line] : [])));
  const pairs = (list: typeof uses, width: number) =>
    list.map(([name, text]) => `  ${name.padEnd(width)} ${text[language]}`);
  const heads: Readonly<Record<keyof Text, readonly string[]>> = {
    zh: [
      '用法：npm run deploy|diff|destroy -- [栈…] [选项]',
      '选项：',
      '交给 cdktf 的选项（不能与 --kubectl 同用）：',
      '示例：',
    ],
    en: [
      'usage: npm run deploy|diff|destroy -- [stack…] [flags]',
      'flags:',
      'flags that cdktf gets (not with --kubectl):',
      'examples:',
    ],
  };
  const [usage = '', ours = '', theirs = '', shown = ''] = heads[language];
  return [
    usage,
    ...pairs(uses, 10),
    ours,
    ...(own ?? []),
    theirs,
    ...(others ?? []),
    shown,
    ...pairs(examples, 40),
  ].join('\n');
}

/** Verbs, flags and examples. */
export const help: Text = { zh: table('zh'), en: table('en') };
