import type { Checkup } from '../../../model/checkup.ts';
import type { Here } from '../context.ts';
import { cli } from './cli.ts';
import { image } from './image.ts';
import { lock } from './lock.ts';
import { provider } from './provider.ts';
import { state } from './state.ts';
import { terraform } from './terraform.ts';

/** What only Terraform's way needs. */
const terraformAlone: readonly Checkup<Here>[] = [terraform, provider, lock, cli, state];
const always: readonly Checkup<Here>[] = [image];

const unasked = ({ name }: Checkup<Here>): Checkup<Here> => ({
  name,
  run: () => ({ ok: { zh: '--kubectl 不需要', en: 'not needed for --kubectl' } }),
});

/** The checks of this machine, each registered in one of the two lists. `kubectl`: nothing goes by Terraform. */
export const here = (kubectl: boolean): readonly Checkup<Here>[] => [
  ...(kubectl ? terraformAlone.map(unasked) : terraformAlone),
  ...always,
];
