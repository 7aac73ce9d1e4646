import { expect, test } from 'vitest';
import { declaredStacks } from '../../infra/declared.ts';
import type { KubernetesObject } from '../../infra/kubernetes.ts';
import { objectsOf, replaced, stacksOf } from './estates.ts';

const TENANT = 'namespaces: [copper-train, copper-serve]\n';
/** The network policies of nc-a where copper-ai declares more egress. */
const withEgress = (...egress: readonly string[]) =>
  objectsOf(stacksOf(replaced(TENANT, `${TENANT}    egress: [${egress.join(', ')}]\n`)), 'nc-a-pools');
const policiesOf = (objects: ReadonlyMap<string, KubernetesObject>, namespace: string) =>
  [...objects.values()]
    .filter(({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.namespace === namespace)
    .map(({ metadata }) => metadata.name);
const cidr = (range: string, ports: string, more = '') =>
  `{ cidr: "${range}", ports: ${ports}, data_class: general, jurisdiction: jiangxi, reason: { zh: 数据平台, en: data platform }${more} }`;
const labelled = (tenant: string) => [{ namespaceSelector: { matchLabels: { 'greenflops.io/tenant': tenant } } }];
const tcp = (...ports: number[]) => ports.map((port) => ({ protocol: 'TCP', port }));

const CLOSED = ['default-deny', 'dns', 'tenant'];

test('a namespace is closed but for names and its own tenant', () => {
  const pools = objectsOf(declaredStacks('plan'), 'nc-a-pools');
  const policy = (name: string) => pools.get(`NetworkPolicy copper-train/${name}`);
  expect(policy('default-deny')).toMatchObject({ spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] } });
  expect(policy('default-deny')).not.toHaveProperty('spec.ingress');
  expect(policy('default-deny')).not.toHaveProperty('spec.egress');
  expect(policy('tenant')).toMatchObject({
    spec: { ingress: [{ from: labelled('copper-ai') }], egress: [{ to: labelled('copper-ai') }] },
  });
  expect(policiesOf(pools, 'copper-train')).toEqual(CLOSED);
});

test('egress to another tenant opens both ends in every namespace, by port, and the way back stays shut', () => {
  const objects = withEgress('{ tenant: uni-lab, ports: [9000, 8443] }', '{ tenant: uni-lab, ports: [8443] }');
  for (const namespace of ['copper-train', 'copper-serve']) {
    expect(policiesOf(objects, namespace)).toEqual([...CLOSED, 'to-tenant-uni-lab']);
    expect(objects.get(`NetworkPolicy ${namespace}/to-tenant-uni-lab`)).toHaveProperty('spec', {
      podSelector: {},
      policyTypes: ['Egress'],
      egress: [{ to: labelled('uni-lab'), ports: tcp(8443, 9000) }],
    });
  }
  expect(policiesOf(objects, 'uni-lab')).toEqual([...CLOSED, 'from-tenant-copper-ai']);
  expect(objects.get('NetworkPolicy uni-lab/from-tenant-copper-ai')).toHaveProperty('spec', {
    podSelector: {},
    policyTypes: ['Ingress'],
    ingress: [{ from: labelled('copper-ai'), ports: tcp(8443, 9000) }],
  });
});

test('a tenant of two clusters is opened to one of either where both stand, and nowhere else', () => {
  const LAB = 'namespaces: [uni-lab]\n';
  const stacks = stacksOf(replaced(LAB, `${LAB}    egress: [{ tenant: rice-vision, ports: [80] }]\n`));
  expect(policiesOf(objectsOf(stacks, 'nc-a-pools'), 'uni-lab')).toEqual(CLOSED);
  expect(policiesOf(objectsOf(stacks, 'py-a-pools'), 'uni-lab')).toEqual([...CLOSED, 'to-tenant-rice-vision']);
  expect(policiesOf(objectsOf(stacks, 'py-a-pools'), 'rice-vision')).toEqual([...CLOSED, 'from-tenant-uni-lab']);
});

test('addresses outside are opened by range and port, with class, law and reason', () => {
  const objects = withEgress(
    cidr('10.8.0.0/24', '[8443, 443, 443]'),
    cidr('10.8.0.0/24', '[514]', ', protocol: UDP'),
    cidr('2001:DB8::/32', '[443]'),
  );
  expect(policiesOf(objects, 'copper-train')).toEqual([...CLOSED, 'to-cidr-10-8-0-0-24', 'to-cidr-2001-db8---32']);
  expect(objects.get('NetworkPolicy copper-train/to-cidr-10-8-0-0-24')).toMatchObject({
    metadata: {
      annotations: {
        'greenflops.io/data-class': 'general',
        'greenflops.io/jurisdiction': 'jiangxi',
        'greenflops.io/reason-zh': '数据平台',
        'greenflops.io/reason-en': 'data platform',
      },
    },
    spec: {
      policyTypes: ['Egress'],
      egress: [
        { to: [{ ipBlock: { cidr: '10.8.0.0/24' } }], ports: [...tcp(443, 8443), { protocol: 'UDP', port: 514 }] },
      ],
    },
  });
  expect(policiesOf(objects, 'uni-lab')).toEqual(CLOSED);
});

test('ranges that Terraform would fold into one id keep their own', () => {
  const objects = withEgress(cidr('1.10.0.0/16', '[443]'), cidr('11.0.0.0/16', '[443]'));
  expect(policiesOf(objects, 'copper-train')).toEqual([...CLOSED, 'to-cidr-1-10-0-0-16', 'to-cidr-11-0-0-0-16']);
});

test('the order in which the estate lists egress changes nothing', () => {
  const rows = [
    '{ tenant: uni-lab, ports: [9000, 8443] }',
    cidr('10.9.0.0/24', '[443]'),
    cidr('10.8.0.0/24', '[80, 443]'),
  ];
  const policies = (...egress: readonly string[]) =>
    [...withEgress(...egress).values()].filter(({ kind }) => kind === 'NetworkPolicy');
  expect(policies(...rows).length).toBeGreaterThan(9);
  expect(policies(...rows)).toEqual(policies(...rows.toReversed()));
});
