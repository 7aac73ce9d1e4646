import type { Observed } from '../change/observe.ts';
import type { Live } from '../change/live.ts';
import { inWords } from '../say.ts';

interface Claim extends Live {
  readonly spec: { readonly resources?: { readonly requests?: { readonly storage?: string } } };
}

/** Prints the data that goes with namespaces: each claim in them with its size and, where it says so, its dataset. */
export async function claimLines({ kubectl }: Observed, namespaces: readonly string[]): Promise<void> {
  if (namespaces.length === 0) return;
  const claims = await kubectl.items<Claim>(['get', 'persistentvolumeclaims', '-A']);
  for (const { metadata, spec } of claims) {
    const { name, namespace = '', labels } = metadata;
    if (!namespaces.includes(namespace)) continue;
    const size = spec.resources?.requests?.storage ?? '?';
    const dataset = labels?.['greenflops.io/dataset'];
    console.log(
      inWords({
        zh: `! 数据：卷申领 ${namespace}/${name}（${size}${dataset === undefined ? '' : `，数据集 ${dataset}`}）随命名空间一同删除`,
        en: `! data: PersistentVolumeClaim ${namespace}/${name} (${size}${dataset === undefined ? '' : `, dataset ${dataset}`}) is deleted with its namespace`,
      }),
    );
  }
}
