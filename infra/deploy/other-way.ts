import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Text } from '../../model/text.ts';
import { keyOf } from '../change/key.ts';
import type { Live } from '../change/live.ts';
import type { Observed } from '../change/observe.ts';
import type { DeclaredStack } from '../declared.ts';
import { Stop } from '../say.ts';
import { imports } from '../terraform/imports.ts';
import { stateKey } from '../terraform/moves.ts';
import type { Options } from './options.ts';
import { ofCluster } from './run.ts';

/** Field managers by which each way writes. */
const TERRAFORM = /^(Terraform|HashiCorp|terraform-provider-kubernetes.*)$/;
const KUBECTL = /^(greenflops|kubectl|kubectl-client-side-apply)$/;

const by = (object: Live, manager: RegExp): boolean =>
  object.metadata.managedFields?.some((one) => manager.test(one.manager)) === true;

/** Objects of a stack that stand there by the other way, where none stands by this one. */
export function strangers(objects: readonly Live[], kubectl: boolean): readonly Live[] {
  const [own, other] = kubectl ? [KUBECTL, TERRAFORM] : [TERRAFORM, KUBECTL];
  return objects.some((object) => by(object, own)) ? [] : objects.filter((object) => by(object, other));
}

/** Whether Terraform knows the stack already, as after an import; false where the state lies on a server. */
function inState({ cluster, view, stack }: DeclaredStack): boolean {
  const { state } = view.plan.estate;
  if (state.backend !== 'local') return false;
  const path = join(process.cwd(), state.folder ?? '', `terraform.${stateKey(cluster, stack.name)}.tfstate`);
  if (!existsSync(path)) return false;
  const { resources = [] } = JSON.parse(readFileSync(path, 'utf8')) as { resources?: readonly unknown[] };
  return resources.length > 0;
}

/** Two ways over one object undo each other or stop half-way. Throws Stop where a stack stands by the other one, with how to change over. */
export function requireOneWay(
  observed: readonly Observed[],
  chosen: readonly DeclaredStack[],
  { kubectl, takeOver }: Options,
): void {
  if (takeOver) return;
  const found = observed.flatMap(({ live, view }) =>
    ofCluster(chosen, view.cluster.id).filter((stack) => {
      const there = stack.objects.flatMap((object) => live.get(keyOf(object)) ?? []);
      return strangers(there, kubectl).length > 0 && (kubectl || !inState(stack));
    }),
  );
  if (found.length > 0) throw new Stop(kubectl ? fromTerraform(found) : fromKubectl(found));
}

const idsOf = (stacks: readonly DeclaredStack[]): string => stacks.map(({ id }) => id).join(' ');

const fromTerraform = (stacks: readonly DeclaredStack[]): Text => ({
  zh: `${idsOf(stacks)} 是用 Terraform 部署的，未作任何改动。请继续用 Terraform（去掉 --kubectl）；要改用 kubectl：npm run deploy -- --kubectl --take-over，然后删除这些栈的 Terraform 状态，以后只用 --kubectl`,
  en: `${idsOf(stacks)}: deployed by Terraform, and nothing was changed. Stay with Terraform (leave out --kubectl), or change over to kubectl: npm run deploy -- --kubectl --take-over, then delete Terraform’s state of these stacks and use --kubectl from then on`,
});

function fromKubectl(stacks: readonly DeclaredStack[]): Text {
  const kept = stacks.filter(({ stack }) => stack.keep);
  const others = stacks.filter(({ stack }) => !stack.keep);
  const destroy: Text =
    others.length === 0
      ? { zh: '', en: '' }
      : {
          zh: `\n  npm run destroy -- --kubectl ${idsOf(others)}`,
          en: `\n  npm run destroy -- --kubectl ${idsOf(others)}`,
        };
  const commands = kept.flatMap((stack) => {
    const terraform = `terraform -chdir=cdktf.out/stacks/${stack.id}`;
    return [
      'npm run synth',
      `${terraform} init`,
      ...imports(stack).map(({ address, id }) => `${terraform} import ${address} ${id}`),
    ];
  });
  const ledger = commands.map((command) => `\n  ${command}`).join('');
  return {
    zh: `${idsOf(stacks)} 是用 kubectl 部署的，Terraform 的状态中没有，未作任何改动。请继续用 kubectl（加上 --kubectl）；要改用 Terraform：${destroy.zh}${ledger && `\n账本不销毁，导入即可：${ledger}`}\n然后 npm run deploy；若状态存于服务器且已导入，加上 --take-over`,
    en: `${idsOf(stacks)}: deployed by kubectl, and Terraform’s state does not have them; nothing was changed. Stay with kubectl (add --kubectl), or change over to Terraform:${destroy.en}${ledger && `\nA ledger is not destroyed but imported:${ledger}`}\nthen npm run deploy; where the state lies on a server and has them by now, add --take-over`,
  };
}
