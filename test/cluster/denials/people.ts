import type { Who } from './api.ts';

/** Every right of RBAC: what refuses her is admission. */
export const admin: Who = { user: 'root', groups: ['system:masters'] };
/** A member of the tenant copper-ai (general data, namespaces copper-train and copper-serve) */
export const lin: Who = { user: 'lin', groups: ['greenflops:tenant:copper-ai'] };
/** A member of the tenant ore-safe (important data, namespace ore-vault) */
export const ore: Who = { user: 'ore', groups: ['greenflops:tenant:ore-safe'] };
/** A member of the tenant shared-lab (general data, namespace share-lab), whose chips are shared in every way */
export const lab: Who = { user: 'lab', groups: ['greenflops:tenant:shared-lab'] };
/** `ore` with the clearance for important data */
export const cleared: Who = { user: 'ore', groups: [...ore.groups, 'greenflops:clearance:important'] };
/** A member of copper-ai whom somebody gave every right */
export const overGranted: Who = { user: 'wei', groups: [...lin.groups, 'system:masters'] };
/** An account of copper-ai's pods that somebody gave every right */
export const account: Who = {
  user: 'system:serviceaccount:copper-train:default',
  groups: ['system:serviceaccounts', 'system:serviceaccounts:copper-train', 'system:masters'],
};
/** Runs the cluster, with the role greenflops-operator alone */
export const operator: Who = { user: 'xu', groups: ['greenflops:operators'] };
/** A controller that the estate declares, with the rights that its project gives it */
export const jobSetController: Who = {
  user: 'system:serviceaccount:jobset-system:jobset-controller-manager',
  groups: ['system:serviceaccounts:jobset-system', 'system:masters'],
};
/** Kueue's controller, with the rights that its release gives it */
export const kueue: Who = {
  user: 'system:serviceaccount:kueue-system:kueue-controller-manager',
  groups: ['system:serviceaccounts', 'system:serviceaccounts:kueue-system', 'system:masters'],
};
/** The account by which a manager hands jobs to this cluster */
export const dispatch: Who = { ...kueue, user: 'system:serviceaccount:kueue-system:greenflops-dispatch' };
/** A member of the tenant small-firms, whose quota is bound to no cluster */
export const firm: Who = { user: 'firm', groups: ['greenflops:tenant:small-firms'] };
export const scheduler: Who = { user: 'system:kube-scheduler', groups: [] };
/** A controller of Kubernetes, with its own rights */
export const controller = (name: string): Who => ({
  user: `system:serviceaccount:kube-system:${name}`,
  groups: ['system:serviceaccounts', 'system:serviceaccounts:kube-system'],
});
