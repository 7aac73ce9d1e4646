import { text, texts } from './cel.ts';
import type { PolicyOf } from './policy.ts';
import { bookkeeping, containers, pod, workloads } from './workloads.ts';

/**
 * The grammar of a reference with a digest (distribution/reference): lower-case host and port, path of plain components,
 * a tag that decorates. So neither `..`, nor `user@host`, nor capitals reach the comparison of registries.
 */
const COMPONENT = String.raw`[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*`;
const REFERENCE = String.raw`^([a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]+)?/)?${COMPONENT}(/${COMPONENT})*(:\w[\w.-]{0,127})?@sha256:[0-9a-f]{64}$`;

const wrong = (bad: string) => `variables.images.filter(image, ${bad})`;

/** What runs is what was released: by digest, and of the cluster's registries alone where it declares any. */
export const images: PolicyOf = (view) => {
  const { registries } = view.cluster;
  const from = texts(registries.map((registry) => `${registry}/`));
  return {
    name: 'images',
    title: { zh: '镜像来自许可的仓库并以摘要固定', en: 'images come by digest and from the registries allowed' },
    on: [...workloads, { group: '', resources: ['pods/ephemeralcontainers'], operations: ['UPDATE'] }],
    where: 'tenants',
    unless: bookkeeping(view),
    variables: {
      pod,
      containers,
      images:
        'variables.containers.map(container, container.?image.orValue("")) + variables.pod.spec.?volumes.orValue([])' +
        '.filter(volume, has(volume.image)).map(volume, volume.image.?reference.orValue(""))',
      unpinned: wrong(`!image.matches(${text(REFERENCE)})`),
      foreign: registries.length > 0 ? wrong(`!${from}.exists(registry, image.startsWith(registry))`) : '[]',
    },
    rules: [
      {
        allows: 'variables.unpinned.size() == 0',
        message: {
          zh: '镜像 "{image}" 没有以摘要固定：请写成 仓库/名称@sha256:<64 位小写十六进制>',
          en: 'image "{image}" is not pinned by its digest: write registry/name@sha256:<64 lower-case hex digits>',
        },
        values: { image: 'variables.unpinned[0]' },
      },
      {
        allows: 'variables.foreign.size() == 0',
        message: {
          zh: `镜像 "{image}" 不在许可的仓库（${registries.join('、')}）中：请先把它复制到其中`,
          en: `image "{image}" is not from a registry that is allowed (${registries.join(', ')}): copy it there first`,
        },
        values: { image: 'variables.foreign[0]' },
      },
    ].slice(0, registries.length > 0 ? 2 : 1),
  };
};
