import { isNodeLabels, type Observed } from '../change/observe.ts';
import type { DeclaredStack } from '../declared.ts';
import { inWords } from '../say.ts';
import { ofCluster } from './run.ts';

/** `<cluster>/<node>` of all nodes that are to get a label and have not joined. Says so: Terraform would stop at the first. */
export function absentNodes(observed: readonly Observed[], chosen: readonly DeclaredStack[]): readonly string[] {
  return observed.flatMap(({ nodes, view: { cluster } }) => {
    const labels = ofCluster(chosen, cluster.id).flatMap(({ objects }) => objects.filter(isNodeLabels));
    const absent = labels.map(({ metadata: { name } }) => name).filter((name) => !nodes.has(name));
    if (absent.length > 0)
      console.log(
        inWords({
          zh: `${cluster.id}：节点 ${absent.join(' ')} 尚未加入，这次不写它们的标签；加入之后再部署一次`,
          en: `${cluster.id}: not joined, so this run leaves their labels out: ${absent.join(' ')}; deploy again when they have`,
        }),
      );
    return absent.map((name) => `${cluster.id}/${name}`);
  });
}

const VARIABLE = 'GREENFLOPS_ABSENT_NODES'; // set by `npm run deploy` for its run alone

export const leaveOut = (nodes: readonly string[]): NodeJS.ProcessEnv =>
  nodes.length > 0 ? { [VARIABLE]: nodes.join(' ') } : {};

/** The stacks without the labels of nodes that `leaveOut` named: a node that is not there has none to lose. */
export function present(declared: readonly DeclaredStack[], env: NodeJS.ProcessEnv): DeclaredStack[] {
  const absent = new Set(env[VARIABLE]?.split(' '));
  return declared.map((one) => ({
    ...one,
    objects: one.objects.filter(
      (object) => !isNodeLabels(object) || !absent.has(`${one.cluster.id}/${object.metadata.name}`),
    ),
  }));
}
