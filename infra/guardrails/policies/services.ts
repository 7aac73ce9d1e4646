import { label } from './cel.ts';
import { DATA_CLASS, type PolicyOf } from './policy.ts';
import { bookkeeping } from './workloads.ts';

/** A Service is a name by which data leave or enter: neither to another namespace, nor round the network policies. */
export const services: PolicyOf = (cluster) => ({
  name: 'services',
  title: { zh: '服务不越出命名空间', en: 'services do not lead out of their namespace' },
  on: [{ group: '', resources: ['services'], operations: ['CREATE', 'UPDATE'] }],
  where: 'tenants',
  unless: bookkeeping(cluster),
  variables: {
    type: "object.spec.?type.orValue('ClusterIP')",
    target: "object.spec.?externalName.orValue('')",
    class: label('namespaceObject', DATA_CLASS),
  },
  rules: [
    {
      allows:
        "variables.type != 'ExternalName' || variables.target.endsWith('.' + request.namespace + '.svc') || " +
        "variables.target.endsWith('.' + request.namespace + '.svc.cluster.local')",
      message: {
        zh: 'ExternalName 服务指向 {target}，不在本命名空间内：只能指向 <服务>.{namespace}.svc；访问别处请在声明的 egress 中写明',
        en: 'the ExternalName service leads to {target}, outside this namespace: it may lead to <service>.{namespace}.svc alone; other ways out are declared in egress',
      },
      values: { target: 'variables.target', namespace: 'request.namespace' },
    },
    {
      allows: 'object.spec.?externalIPs.orValue([]).size() == 0',
      message: {
        zh: 'externalIPs 会截取其他命名空间的流量：请去掉，由集群运维提供入口',
        en: "externalIPs can catch other namespaces' traffic: leave them out, and ask the cluster's operators for a way in",
      },
    },
    {
      allows: "!(variables.class in ['important', 'core']) || !(variables.type in ['NodePort', 'LoadBalancer'])",
      message: {
        zh: '{class} 级命名空间的服务不得为 {type}：请用 ClusterIP，对外访问由集群运维的网关提供',
        en: 'no service of a namespace of class {class} may be a {type}: use ClusterIP, and the gateway of the operators from outside',
      },
      values: { class: 'variables.class', type: 'variables.type' },
    },
  ],
});
