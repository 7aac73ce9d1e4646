import type { Checkup } from '../../../model/checkup.ts';
import { missingProvider } from '../../deploy/terraform.ts';
import type { Here } from '../context.ts';

/** The last line says what to do; of what Terraform said before it, the error alone is kept. */
function split(whole: string): { what: string; todo: string } {
  const lines = whole.split('\n').map((line) => line.replaceAll(/[│╷╵]/g, '').trim());
  const [first = '', ...said] = lines.slice(0, -1).filter(Boolean);
  const from = said.findIndex((line) => line.startsWith('Error:'));
  const to = said.findIndex((line) => line.startsWith('To see which modules'));
  const error = said.slice(Math.max(0, from), to < 0 ? undefined : to).join(' ');
  return { what: `${first} ${error}`, todo: lines.at(-1) ?? '' };
}

export const provider: Checkup<Here> = {
  name: { zh: 'Terraform 的 provider', en: "Terraform's provider" },
  run: () => {
    const missing = missingProvider();
    if (!missing) {
      const found = 'hashicorp/kubernetes 2.38.0';
      return { ok: { zh: `terraform init 找到了 ${found}`, en: `terraform init finds ${found}` } };
    }
    const [zh, en] = [split(missing.zh), split(missing.en)];
    return { troubles: [{ what: { zh: zh.what, en: en.what }, todo: { zh: zh.todo, en: en.todo } }] };
  },
};
