import type { Text } from '../text.ts';

/** What keeps a file of the declaration from being read. */
export const files = {
  no_directory: {
    zh: '声明目录无法读取（{detail}）：请用 --plan 指明 plan 目录',
    en: 'the directory of the declaration cannot be read ({detail}): name it with --plan',
  },
  missing_file: { zh: '缺少这个文件', en: 'this file is missing' },
  unreadable: { zh: '文件无法读取：{detail}', en: 'the file cannot be read: {detail}' },
  not_utf8: { zh: '不是 UTF-8 编码：请另存为 UTF-8', en: 'not UTF-8: save the file as UTF-8' },
  byte_order_mark: {
    zh: '文件开头有字节顺序标记（BOM）：请另存为不带 BOM 的 UTF-8',
    en: 'the file begins with a byte-order mark: save it as UTF-8 without one',
  },
  empty: {
    zh: '文件没有内容；第一行应为 schema: greenflops/v1',
    en: 'the file holds nothing; its first line is schema: greenflops/v1',
  },
  yaml: { zh: 'YAML 语法错误：{detail}', en: 'YAML syntax: {detail}' },
  tab: { zh: '用制表符缩进：YAML 只允许空格', en: 'indented with a tab: YAML allows only spaces' },
  duplicate_key: { zh: '键 "{key}" 重复', en: 'key "{key}" stands here twice' },
  unknown_anchor: { zh: '前文没有锚点 &{anchor}', en: 'no anchor &{anchor} stands before this alias' },
  circular_alias: { zh: '别名 *{anchor} 指向包含它自己的锚点', en: 'alias *{anchor} lies inside its own anchor' },
  too_large: { zh: '别名展开后超过 {limit} 个节点', en: 'more than {limit} nodes once its aliases are expanded' },
} as const satisfies Record<string, Text>;
