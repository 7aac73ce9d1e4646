import { PlanError } from '../model/plan-error.ts';
import { finding } from '../model/finding.ts';
import { files } from '../model/files.ts';
import type { Plan } from '../model/plan.ts';
import { readFile } from '../model/read-file.ts';
import type { Text } from '../model/text.ts';
import { endpoints } from './endpoints.ts';
import { peerOf } from './tenants/network.ts';
import { packagesOf } from './tenants/quota.ts';
import { exporter } from './stacks/exporter.ts';

/** Something in the estate that the exporter can live with and Kubernetes cannot. */
interface Obstacle {
  readonly path: readonly (string | number)[];
  readonly detail: Text;
}

const DIGEST = /@sha256:[0-9a-f]{64}$/;
const RESERVED = new Set<string>([exporter.namespace, 'default', 'monitoring']);

/** Throws PlanError with file, line and column of everything that keeps the estate in `dir` from becoming stacks. */
export function requireDeployable(dir: string, plan: Plan): void {
  const { source } = readFile(dir, files.estate.name, []);
  const findings = [
    ...images(plan),
    ...quotas(plan),
    ...resourceNames(plan),
    ...namespaces(plan),
    ...hosts(plan),
    ...exporters(plan),
  ].flatMap(({ path, detail }) => (source ? finding(source.place(path, 'use'), 'invalid', { detail }) : []));
  if (findings.length > 0) throw new PlanError(dir, findings);
}

function images({ estate }: Plan): Obstacle[] {
  const image = estate.telemetry?.image;
  if (estate.clusters.length === 0 || (image !== undefined && DIGEST.test(image))) return [];
  return [
    {
      path: ['telemetry', 'image'],
      detail: {
        zh: '部署采集器需要 telemetry: { image: 镜像@sha256:… }，并用摘要固定镜像',
        en: 'deploying the exporter needs telemetry: { image: name@sha256:… }, the image pinned by its digest',
      },
    },
  ];
}

const quotas = ({ estate, accelerators }: Plan): Obstacle[] =>
  estate.tenants.flatMap(({ quota }, i) =>
    quota.flatMap(({ pool: id, pflops }, j): Obstacle[] => {
      const model = estate.pools.find((pool) => pool.id === id)?.accelerator;
      const accelerator = model === undefined ? undefined : accelerators.get(model);
      if (!accelerator || packagesOf(pflops, accelerator) > 0) return [];
      const one = (accelerator.peak_tflops.fp16 ?? 0) / 1000;
      return [
        {
          path: ['tenants', i, 'quota', j, 'pflops'],
          detail: {
            zh: `不足一张 ${accelerator.id} 卡（稠密 FP16 ${one} PFlops）`,
            en: `less than one ${accelerator.id} (${one} PFlops dense FP16)`,
          },
        },
      ];
    }),
  );

const resourceNames = ({ estate, accelerators }: Plan): Obstacle[] =>
  estate.pools.flatMap(({ accelerator: id }, i): Obstacle[] =>
    Object.keys(accelerators.get(id)?.resources ?? {}).length > 0
      ? []
      : [
          {
            path: ['pools', i, 'accelerator'],
            detail: {
              zh: '加速器目录中没有它的 Kubernetes 资源名（resources），无法设配额',
              en: 'the catalogue gives it no Kubernetes resource name (resources), so nothing can cap it',
            },
          },
        ],
  );

const namespaces = ({ estate }: Plan): Obstacle[] =>
  estate.tenants.flatMap((tenant, i) =>
    tenant.namespaces.flatMap((name, j): Obstacle[] =>
      RESERVED.has(name) || name.startsWith('kube-')
        ? [
            {
              path: ['tenants', i, 'namespaces', j],
              detail: { zh: '这个命名空间已有它用', en: 'this namespace serves something else' },
            },
          ]
        : [],
    ),
  );

const hosts = ({ estate }: Plan): Obstacle[] =>
  estate.sites
    .filter(({ id }) => estate.clusters.some(({ site }) => site === id))
    .flatMap(({ id }) => endpoints(estate, id))
    .flatMap((endpoint): Obstacle[] => {
      const { path } = endpoint;
      if (endpoint.holdsSecret) return [{ path, detail: SECRET }];
      return peerOf(endpoint) ? [] : [{ path, detail: UNNAMEABLE }];
    });

const exporters = ({ estate }: Plan): Obstacle[] =>
  estate.clusters.flatMap(({ id, site, exporter: here }, i): Obstacle[] => {
    const other = estate.clusters.find((one) => one.site === site && one.exporter && one.id !== id);
    if (!here || !other) return [];
    return [
      {
        path: ['clusters', i, 'exporter'],
        detail: {
          zh: `园区 ${site} 的采集器只能在一个集群，${other.id} 也写了 exporter: true`,
          en: `the exporter of ${site} stands on one cluster, and ${other.id} says exporter: true too`,
        },
      },
    ];
  });

/** What is accepted and may surprise later, in words. */
export const deployNotes = ({ estate }: Plan): Text[] =>
  [...Map.groupBy(estate.clusters, ({ site }) => site)].flatMap(([site, own]): Text[] => {
    const [first] = own;
    if (!first || own.length === 1 || own.some(({ exporter: here }) => here)) return [];
    return [
      {
        zh: `注意：园区 ${site} 有 ${own.length} 个集群，采集器与账本在最先列出的 ${first.id}。请在该集群写 exporter: true，否则改变次序会让它们换地方、账本从零开始`,
        en: `note: the site ${site} has ${own.length} clusters; its exporter and ledger stand on the first one listed, ${first.id}. Write exporter: true there, or another order moves them and begins a new ledger`,
      },
    ];
  });

const SECRET: Text = {
  zh: '地址中含有用户名、密码或令牌，会原样写进 ConfigMap：请去掉',
  en: 'the address holds a user, a password or a token, which would lie open in a ConfigMap: take it out',
};
const UNNAMEABLE: Text = {
  zh: '网络策略只认 IP 地址和集群内服务（名称.命名空间.svc）：请写 IP 地址',
  en: 'a network policy knows addresses and Services (name.namespace.svc) alone: write the IP address',
};
