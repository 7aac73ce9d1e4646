import type { Checkup } from '../../../model/checkup.ts';
import type { Here } from '../context.ts';
import { cli } from './cli.ts';
import { image } from './image.ts';
import { lock } from './lock.ts';
import { provider } from './provider.ts';
import { state } from './state.ts';
import { terraform } from './terraform.ts';

/** The one list in which a check of this machine is registered. */
export const here: readonly Checkup<Here>[] = [terraform, provider, lock, cli, state, image];
