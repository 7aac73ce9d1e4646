import type { Who } from '../api.ts';
import { create } from '../asks.ts';
import { service } from '../objects.ts';
import { pair } from '../pair.ts';
import { admin, controller, lin, ore } from '../people.ts';
import { refusal, type Row } from '../row.ts';

const services = (id: string, who: Who, namespace: string, says: string, bad: object, good: object): Row =>
  pair(id, { who, namespace, policy: 'services', says, bad: service(id, { ...bad }), good: service(id, { ...good }) });
const external = (externalName: string) => ({
  type: 'ExternalName',
  externalName,
  selector: undefined,
  ports: undefined,
});
const outside = (target: string) =>
  `ExternalName 服务指向 ${target}，不在本命名空间内：只能指向 <服务>.copper-train.svc；访问别处请在声明的 egress 中写明 / the ExternalName service leads to ${target}, outside this namespace: it may lead to <service>.copper-train.svc alone; other ways out are declared in egress`;
const closed = (type: string) =>
  `important 级命名空间的服务不得为 ${type}：请用 ClusterIP，对外访问由集群运维的网关提供 / no service of a namespace of class important may be a ${type}: use ClusterIP, and the gateway of the operators from outside`;

const slice = (name: string) => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name, labels: { 'kubernetes.io/service-name': name } },
  addressType: 'IPv4',
  endpoints: [{ addresses: ['10.244.9.9'] }],
  ports: [{ port: 80 }],
});
const endpoints = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Endpoints',
  metadata: { name },
  subsets: [{ addresses: [{ ip: '10.244.9.9' }], ports: [{ port: 80 }] }],
});
const byHand =
  '用户 root 不得手工写端点，否则服务会通向任意地址：请用 Service 的 selector 选择本命名空间的 Pod / user root may not write endpoints, by which a service would lead to any address: select pods of this namespace by the selector of the Service';

export const serviceRows: readonly Row[] = [
  services(
    'service-to-another-namespace',
    lin,
    'copper-train',
    outside('vault.ore-vault.svc.cluster.local'),
    external('vault.ore-vault.svc.cluster.local'),
    external('model.copper-train.svc.cluster.local'),
  ),
  services(
    'service-to-a-look-alike-namespace',
    lin,
    'copper-train',
    outside('model.evil-copper-train.svc'),
    external('model.evil-copper-train.svc'),
    external('model.copper-train.svc'),
  ),
  services(
    'service-to-the-outside',
    lin,
    'copper-train',
    outside('collector.example'),
    external('collector.example'),
    external('model.copper-train.svc'),
  ),
  services(
    'service-with-external-addresses',
    lin,
    'copper-train',
    "externalIPs 会截取其他命名空间的流量：请去掉，由集群运维提供入口 / externalIPs can catch other namespaces' traffic: leave them out, and ask the cluster's operators for a way in",
    { externalIPs: ['10.8.0.9'] },
    {},
  ),
  services('node-port-of-important-data', ore, 'ore-vault', closed('NodePort'), { type: 'NodePort' }, {}),
  services('load-balancer-of-important-data', ore, 'ore-vault', closed('LoadBalancer'), { type: 'LoadBalancer' }, {}),
  {
    id: 'endpoint-slice-by-hand',
    by: 'policy endpoints',
    denied: create(admin, 'copper-train', slice('by-hand')),
    message: refusal('endpoints', 'endpointslices.discovery.k8s.io "by-hand"', byHand),
    twin: create(controller('endpointslice-controller'), 'copper-train', slice('by-hand')),
  },
  {
    id: 'endpoints-by-hand',
    by: 'policy endpoints',
    denied: create(admin, 'copper-train', endpoints('by-hand')),
    message: refusal('endpoints', 'endpoints "by-hand"', byHand),
    twin: create(controller('endpoint-controller'), 'copper-train', endpoints('by-hand')),
  },
];
