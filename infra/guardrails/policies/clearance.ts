import { label, ofGroups, text } from './cel.ts';
import { DATA_CLASS, type PolicyOf } from './policy.ts';

const classes = ['important', 'core'] as const;

/** Whoever enters a pod sees its data: besides the role that takes the clearance of the data's class. */
export const clearance: PolicyOf = ({ cluster }) => {
  const groups = cluster.access.clearance;
  return {
    name: 'clearance',
    title: {
      zh: '进入重要和核心数据的 Pod 需要授权',
      en: 'entering pods of important and core data takes a clearance',
    },
    on: [
      {
        group: '',
        resources: ['pods/exec', 'pods/attach', 'pods/portforward', 'pods/proxy', 'services/proxy'],
        operations: ['CONNECT'],
      },
    ],
    where: 'protected',
    variables: { class: label('namespaceObject', DATA_CLASS) },
    rules: classes.map((name) => ({
      allows: `variables.class != ${text(name)} || ${ofGroups(groups[name])}`,
      message: {
        zh: `用户 {user} 没有 ${name} 级数据的授权，不得进入其 Pod：授权的组为 ${groups[name].join('、')}，请向数据安全负责人申请`,
        en: `user {user} has no clearance for data of class ${name} and may not enter its pods: cleared groups are ${groups[name].join(', ')}; ask whoever answers for the data's security`,
      },
      values: { user: 'request.userInfo.username' },
    })),
  };
};
