import type { Live } from './live.ts';
import { listed, place, same, type Tell } from './telling.ts';

/** A worker to which a manager hands jobs. */
export const clusterLines: Tell = ({ action, object }) => {
  const { name } = object.metadata;
  if (action === 'change') return [];
  return action === 'add'
    ? [{ subject: 'dispatch', text: { zh: `开始向 ${name} 派发作业`, en: `jobs are handed to ${name} from now on` } }]
    : [
        {
          subject: 'dispatch',
          text: { zh: `不再向 ${name} 派发作业`, en: `no jobs are handed to ${name} any more` },
          danger: true,
        },
      ];
};

const workersIn = (object: Live | undefined): readonly string[] =>
  (object?.spec as { clusters?: readonly string[] } | undefined)?.clusters ?? [];

/** On which workers a tenant's jobs may run. */
export const shareLines: Tell = ({ action, object, wanted }) => {
  const [before, after] = [action === 'add' ? [] : workersIn(object), workersIn(wanted)];
  const changed = listed(object.metadata.name, before, after);
  const lost = before.some((one) => !after.includes(one));
  return changed ? [{ subject: 'dispatch', text: same(changed), ...(lost && { danger: true }) }] : [];
};

interface Placed {
  readonly placement?: { readonly clusterAffinity?: { readonly clusterNames?: readonly string[] } };
}
const membersIn = (object: Live | undefined): readonly string[] =>
  (object?.spec as Placed | undefined)?.placement?.clusterAffinity?.clusterNames ?? [];

/** Whither Karmada may hand objects: one more cluster is one more place where data may lie. */
export const policyTell: Tell = ({ action, object, wanted }) => {
  const changed = listed(place(object), action === 'add' ? [] : membersIn(object), membersIn(wanted));
  return changed ? [{ subject: 'class', text: same(changed), ...(action !== 'add' && { danger: true }) }] : [];
};
