/** What this house's command line says beside cdktf's own words. */
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
  readonly autoApprove: boolean;
  /** Stacks first, then flags of cdktf */
  readonly words: readonly string[];
}

const flags = new Set(['--kubectl', '--terraform', '--drain', '--unguarded', '--auto-approve']);
const values = new Set(['--plan', '--drain-timeout', '--ledger', '--confirm', '--exports']);

/** Takes our own options out; every other word is cdktf's. */
export function readOptions(given: readonly string[]): Options {
  const set = new Set<string>();
  const said = new Map<string, string>();
  const words: string[] = [];
  for (let i = 0; i < given.length; i += 1) {
    const word = given[i] ?? '';
    const [name = '', ...rest] = word.split('=');
    if (flags.has(word)) set.add(word);
    else if (values.has(name)) said.set(name, rest.length > 0 ? rest.join('=') : (given[(i += 1)] ?? ''));
    else words.push(word);
  }
  const seconds = Number(said.get('--drain-timeout') ?? 600);
  const [ledger, confirm] = [said.get('--ledger'), said.get('--confirm')];
  return {
    plan: said.get('--plan') || process.env['GREENFLOPS_PLAN'] || 'plan',
    kubectl: set.has('--kubectl'),
    terraform: set.has('--terraform'),
    drain: set.has('--drain'),
    drainTimeout: Number.isFinite(seconds) && seconds > 0 ? seconds : 600,
    ...(ledger !== undefined && { ledger }),
    ...(confirm !== undefined && { confirm }),
    exports: said.get('--exports') || 'var/ledger-exports',
    unguarded: set.has('--unguarded'),
    autoApprove: set.has('--auto-approve'),
    words,
  };
}

/** The stacks that are named before the first flag; none: all of them. */
export const namedStacks = ({ words }: Options): readonly string[] => {
  const first = words.findIndex((word) => word.startsWith('-'));
  return first < 0 ? words : words.slice(0, first);
};
