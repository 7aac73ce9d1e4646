import type { Text } from '../../model/text.ts';

/** One flag of deploy, diff and destroy. */
export interface Flag {
  readonly verbs: readonly string[];
  /** What to write after it; absent: it takes no value */
  readonly value?: Text;
  readonly text: Text;
  /** true: passed on to cdktf as it is */
  readonly cdktf?: true;
}

const writing = ['deploy', 'destroy'];
const all = ['deploy', 'diff', 'destroy'];
const folder: Text = { zh: '目录', en: 'DIR' };
const site: Text = { zh: '园区', en: 'SITE' };
const number: Text = { zh: '数', en: 'N' };
const seconds: Text = { zh: '秒', en: 'SECONDS' };
const file: Text = { zh: '文件', en: 'FILE' };
const pair: Text = { zh: '名=值', en: 'NAME=VALUE' };

/** The one list of flags: what is not in it runs nothing. */
export const flags: Readonly<Record<string, Flag>> = {
  '--plan': {
    verbs: all,
    value: folder,
    text: { zh: '声明所在目录，默认 plan', en: 'the declaration, plan by default' },
  },
  '--kubectl': {
    verbs: writing,
    text: { zh: '用 kubectl 服务端应用，不用 Terraform', en: 'by kubectl’s server-side apply, without Terraform' },
  },
  '--terraform': {
    verbs: ['diff'],
    text: { zh: '另外显示 Terraform 的计划', en: 'what Terraform plans, too' },
  },
  '--drain': {
    verbs: writing,
    text: {
      zh: '先腾空将要撤去的工作，而不是拒绝',
      en: 'empty what would go first, where it would be refused otherwise',
    },
  },
  '--drain-timeout': {
    verbs: writing,
    value: seconds,
    text: { zh: '腾空最多等多久，默认 600', en: 'how long a drain may take, 600 by default' },
  },
  '--unguarded': {
    verbs: writing,
    text: { zh: '不查看是否有工作在运行', en: 'do not look whether work is running' },
  },
  '--take-over': {
    verbs: writing,
    text: {
      zh: '由另一种方式（Terraform 或 kubectl）部署的对象从此归这种方式',
      en: 'what the other way (Terraform or kubectl) deployed is this way’s from now on',
    },
  },
  '--auto-approve': { verbs: writing, text: { zh: '不请求确认', en: 'ask for no approval' } },
  '--ledger': {
    verbs: ['destroy'],
    value: site,
    text: { zh: '导出并销毁这个园区的账本', en: 'export and destroy the ledger of this site' },
  },
  '--confirm': {
    verbs: ['destroy'],
    value: site,
    text: { zh: '没有终端时确认 --ledger', en: 'confirms --ledger where there is no terminal' },
  },
  '--exports': {
    verbs: ['destroy'],
    value: folder,
    text: {
      zh: '账本导出到哪里，默认 var/ledger-exports',
      en: 'where the ledger is exported to, var/ledger-exports by default',
    },
  },
  '--help': { verbs: all, text: { zh: '显示这段说明', en: 'show this' } },
  '--parallelism': {
    verbs: writing,
    value: number,
    cdktf: true,
    text: { zh: '同时运行几个栈', en: 'stacks at a time' },
  },
  '--terraform-parallelism': {
    verbs: all,
    value: number,
    cdktf: true,
    text: { zh: '交给 Terraform 的 -parallelism', en: 'Terraform’s -parallelism' },
  },
  '--migrate-state': {
    verbs: all,
    cdktf: true,
    text: { zh: '换了 state 后端之后，搬移状态', en: 'move the state after another backend was declared' },
  },
  '--refresh-only': {
    verbs: ['deploy', 'diff'],
    cdktf: true,
    text: { zh: '只刷新 Terraform 的状态', en: 'only refresh Terraform’s state' },
  },
  '--outputs-file': {
    verbs: ['deploy'],
    value: file,
    cdktf: true,
    text: { zh: '写出 Terraform 的输出', en: 'write Terraform’s outputs' },
  },
  '--var': {
    verbs: all,
    value: pair,
    cdktf: true,
    text: { zh: 'Terraform 变量，可重复', en: 'a Terraform variable; may be repeated' },
  },
  '--var-file': {
    verbs: all,
    value: file,
    cdktf: true,
    text: { zh: 'Terraform 变量文件，可重复', en: 'a file of Terraform variables; may be repeated' },
  },
  '--output': {
    verbs: all,
    value: folder,
    cdktf: true,
    text: { zh: 'cdktf 写到哪里，默认 cdktf.out', en: 'where cdktf writes, cdktf.out by default' },
  },
  '--skip-synth': { verbs: all, cdktf: true, text: { zh: '用已写好的 cdktf.out', en: 'take cdktf.out as it is' } },
  '--no-color': { verbs: all, cdktf: true, text: { zh: '不用颜色', en: 'no colours' } },
};
