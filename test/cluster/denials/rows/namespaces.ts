import { createNamespace, patchNamespace } from '../asks.ts';
import { CLASS, namespace } from '../objects.ts';
import { account, admin, lin, overGranted } from '../people.ts';
import { refusal, type Ask, type Row } from '../row.ts';

/** A namespace that copper-ai is promised and does not have yet */
export const NEXT = 'copper-next';
const TENANT = 'greenflops.io/tenant';
const JURISDICTION = 'greenflops.io/jurisdiction';
const whole = { [TENANT]: 'copper-ai', [CLASS]: 'general', [JURISDICTION]: 'jiangxi' };

const tenants =
  "租户不得新建命名空间或修改其标签：请联系集群运维，由声明（estate.yaml）修改 / a tenant may neither make a namespace nor change its labels: ask the cluster's operators, who change the declaration (estate.yaml)";
const lowered = (have: string) =>
  `数据分级不得由 important 降为 "${have}" 或去掉：请另建该分级的命名空间，数据经审批后再转移 / the data class may not go down from important to "${have}", nor be taken off: make a namespace of that class, and move data there once that is approved`;
const notHeld = (have: string) =>
  `数据分级 "${have}" 不在集群 prove 允许之列（general, important）：请改 greenflops.io/data-class，或放到允许该分级的集群 / data class "${have}" is none that cluster prove may hold (general, important): change greenflops.io/data-class, or take a cluster that may hold it`;
const owned = (owner: string, tenant: string) =>
  `命名空间属于租户 ${owner}，标签 greenflops.io/tenant 不得改为 "${tenant}"：请在新的命名空间中另建 / the namespace is tenant ${owner}'s, and its label greenflops.io/tenant may not become "${tenant}": make a new namespace instead`;
const undeclared =
  '声明没有把命名空间 made 给租户 "copper-ai"，不得写标签 greenflops.io/tenant，否则会并入其网络：请先加入 estate.yaml 中该租户的 namespaces / the declaration does not give namespace made to tenant "copper-ai", whose network the label greenflops.io/tenant would open to it: add it to the tenant\'s namespaces in estate.yaml first';
const elsewhere = (place: string) =>
  `集群 prove 属 jiangxi 管辖，命名空间写的是 "${place}"：请写 greenflops.io/jurisdiction: jiangxi / cluster prove is under the jurisdiction jiangxi, and the namespace says "${place}": write greenflops.io/jurisdiction: jiangxi`;

const row = (id: string, name: string, said: string, denied: Ask, twin: Ask): Row => ({
  id,
  by: 'policy namespaces',
  denied,
  message: refusal('namespaces', `namespaces "${name}"`, said),
  twin,
});
const note = { note: 'a' };

export const namespaceRows: readonly Row[] = [
  {
    id: 'tenant-edits-its-namespace',
    by: 'RBAC',
    denied: patchNamespace(lin, 'copper-train', note),
    message:
      'namespaces "copper-train" is forbidden: User "lin" cannot patch resource "namespaces" in API group "" in the namespace "copper-train"',
    twin: { who: lin, verb: 'get', path: '/api/v1/namespaces/copper-train' },
  },
  row(
    'over-granted-tenant-edits-its-namespace',
    'copper-train',
    tenants,
    patchNamespace(overGranted, 'copper-train', note),
    patchNamespace(admin, 'copper-train', note),
  ),
  row(
    'over-granted-account-edits-its-namespace',
    'copper-train',
    tenants,
    patchNamespace(account, 'copper-train', { [CLASS]: 'important' }),
    patchNamespace(admin, 'copper-train', { [CLASS]: 'important' }),
  ),
  row(
    'over-granted-tenant-makes-a-namespace',
    'made',
    tenants,
    createNamespace(overGranted, namespace('made', {})),
    createNamespace(admin, namespace('made', {})),
  ),
  row(
    'class-lowered',
    'ore-vault',
    lowered('general'),
    patchNamespace(admin, 'ore-vault', { [CLASS]: 'general' }),
    patchNamespace(admin, 'copper-train', { [CLASS]: 'important' }),
  ),
  row(
    'class-taken-off',
    'ore-vault',
    lowered(''),
    patchNamespace(admin, 'ore-vault', { [CLASS]: null }),
    patchNamespace(admin, 'ore-vault', note),
  ),
  row(
    'class-lowered-through-status',
    'ore-vault',
    lowered('general'),
    patchNamespace(admin, 'ore-vault', { [CLASS]: 'general' }, '/status'),
    patchNamespace(admin, 'ore-vault', note, '/status'),
  ),
  row(
    'class-that-the-cluster-may-not-hold',
    'ore-vault',
    notHeld('core'),
    patchNamespace(admin, 'ore-vault', { [CLASS]: 'core' }),
    patchNamespace(admin, 'ore-vault', { [CLASS]: 'important' }),
  ),
  row(
    'namespace-joins-a-tenant',
    'made',
    undeclared,
    createNamespace(admin, namespace('made', whole)),
    createNamespace(admin, namespace(NEXT, whole)),
  ),
  row(
    'namespace-joins-a-tenant-later',
    'default',
    undeclared.replaceAll('made', 'default'),
    patchNamespace(admin, 'default', whole),
    patchNamespace(admin, 'default', { [CLASS]: 'general', [JURISDICTION]: 'jiangxi' }),
  ),
  row(
    'tenant-namespace-without-class',
    NEXT,
    notHeld(''),
    createNamespace(admin, namespace(NEXT, { [TENANT]: 'copper-ai', [JURISDICTION]: 'jiangxi' })),
    createNamespace(admin, namespace(NEXT, whole)),
  ),
  row(
    'namespace-given-to-another-tenant',
    'copper-train',
    owned('copper-ai', 'ore-safe'),
    patchNamespace(admin, 'copper-train', { [TENANT]: 'ore-safe' }),
    patchNamespace(admin, 'copper-train', { [TENANT]: 'copper-ai' }),
  ),
  row(
    'tenant-taken-off',
    'copper-train',
    owned('copper-ai', ''),
    patchNamespace(admin, 'copper-train', { [TENANT]: null }),
    patchNamespace(admin, 'copper-train', note),
  ),
  row(
    'namespace-of-another-jurisdiction',
    NEXT,
    elsewhere('hunan'),
    createNamespace(admin, namespace(NEXT, { ...whole, [JURISDICTION]: 'hunan' })),
    createNamespace(admin, namespace(NEXT, whole)),
  ),
  row(
    'jurisdiction-changed',
    'copper-train',
    elsewhere('hunan'),
    patchNamespace(admin, 'copper-train', { [JURISDICTION]: 'hunan' }),
    patchNamespace(admin, 'copper-train', { [JURISDICTION]: 'jiangxi' }),
  ),
  row(
    'jurisdiction-taken-off',
    'greenflops',
    elsewhere(''),
    patchNamespace(admin, 'greenflops', { [JURISDICTION]: null }),
    patchNamespace(admin, 'greenflops', note),
  ),
];
