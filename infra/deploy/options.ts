import { nearest } from '../../model/nearest.ts';
import { Stop } from '../say.ts';
import { flags, type Flag } from './flags.ts';

/** What a command line says, read whole before anything is done. */
export interface Options {
  readonly plan: string;
  /** Through kubectl, without Terraform */
  readonly kubectl: boolean;
  /** diff: what Terraform would do, too */
  readonly terraform: boolean;
  readonly drain: boolean;
  /** Seconds until a drain gives up */
  readonly drainTimeout: number;
  /** The site whose ledger is to be destroyed */
  readonly ledger?: string;
  /** The site's id where no terminal can be asked */
  readonly confirm?: string;
  /** Folder for exports of ledgers */
  readonly exports: string;
  /** true: nobody looks whether work is running */
  readonly unguarded: boolean;
  /** true: what the other way made is this way's from now on */
  readonly takeOver: boolean;
  readonly autoApprove: boolean;
  readonly help: boolean;
  /** Names or patterns of stacks; none: all of them */
  readonly stacks: readonly string[];
  /** Flags of cdktf's, with their values */
  readonly cdktf: readonly string[];
}

/** Reads the words after the verb. Throws Stop at a flag that the verb does not have, and at a value that is missing or wrong. */
export function readOptions(verb: string, given: readonly string[]): Options {
  const known = new Map(Object.entries(flags).filter(([, flag]) => flag.verbs.includes(verb)));
  const said = new Map<string, string>();
  const stacks: string[] = [];
  const cdktf: string[] = [];
  for (let i = 0; i < given.length; i += 1) {
    const word = given[i] ?? '';
    if (!word.startsWith('-')) {
      stacks.push(word);
      continue;
    }
    const [start = '', ...rest] = word.split('=');
    const name = start === '-h' ? '--help' : start;
    const flag = known.get(name);
    if (!flag) throw unknown(verb, name, known.keys());
    const value = rest.length > 0 ? rest.join('=') : flag.value === undefined ? undefined : given[(i += 1)];
    if (flag.value === undefined ? value !== undefined : !value || (rest.length === 0 && value.startsWith('--')))
      throw wrongValue(name, flag, value);
    said.set(name, value ?? '');
    if (flag.cdktf) cdktf.push(...(value === undefined ? [name] : [name, value]));
  }
  const seconds = said.get('--drain-timeout') ?? '600';
  const timeout = flags['--drain-timeout'];
  if (timeout && !/^[1-9]\d*$/.test(seconds)) throw wrongValue('--drain-timeout', timeout, seconds);
  const [first] = cdktf;
  if (said.has('--kubectl') && first !== undefined)
    throw new Stop({
      zh: `${first} 是 cdktf 的选项，而 --kubectl 不用 cdktf：请去掉其中一个；未作任何改动`,
      en: `${first} is cdktf’s, and --kubectl goes without cdktf: leave one of them out; nothing was done`,
    });
  const [ledger, confirm] = [said.get('--ledger'), said.get('--confirm')];
  return {
    plan: said.get('--plan') ?? process.env['GREENFLOPS_PLAN'] ?? 'plan',
    kubectl: said.has('--kubectl'),
    terraform: said.has('--terraform'),
    drain: said.has('--drain'),
    drainTimeout: Number(seconds),
    ...(ledger !== undefined && { ledger }),
    ...(confirm !== undefined && { confirm }),
    exports: said.get('--exports') ?? 'var/ledger-exports',
    unguarded: said.has('--unguarded'),
    takeOver: said.has('--take-over'),
    autoApprove: said.has('--auto-approve'),
    help: said.has('--help'),
    stacks,
    cdktf,
  };
}

function unknown(verb: string, name: string, known: Iterable<string>): Stop {
  const elsewhere = flags[name]?.verbs.join(' ');
  const hint = nearest(name, known);
  const zh = elsewhere ? `（它属于 ${elsewhere}）` : hint ? `，是不是 ${hint}` : '';
  const en = elsewhere ? ` (it is ${elsewhere}’s)` : hint ? `, did you mean ${hint}` : '';
  const asked = elsewhere === undefined && hint !== undefined;
  return new Stop({
    zh: `${verb} 没有选项 ${name}${zh}${asked ? '？' : '。'}未作任何改动。全部选项：npm run ${verb} -- --help`,
    en: `${verb} has no flag ${name}${en}${asked ? '?' : '.'} Nothing was done. All flags: npm run ${verb} -- --help`,
  });
}

const wrongValue = (name: string, { value }: Flag, got: string | undefined): Stop =>
  value === undefined
    ? new Stop({
        zh: `${name} 不带值（得到的是 ${got}）；未作任何改动`,
        en: `${name} takes no value (what came was ${got}); nothing was done`,
      })
    : new Stop({
        zh: `${name} 之后要写${value.zh}（得到的是 ${got || '空'}）；未作任何改动`,
        en: `${name} wants ${value.en} after it (what came was ${got || 'nothing'}); nothing was done`,
      });
