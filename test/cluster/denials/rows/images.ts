import { patch } from '../asks.ts';
import { container, deployment, DIGEST, IMAGE, pod } from '../objects.ts';
import { pair } from '../pair.ts';
import { admin, lin } from '../people.ts';
import { refusal, type Row } from '../row.ts';

const unpinned = (image: string) =>
  `镜像 "${image}" 没有以摘要固定：请写成 仓库/名称@sha256:<64 位小写十六进制> / image "${image}" is not pinned by its digest: write registry/name@sha256:<64 lower-case hex digits>`;
const foreign = (image: string) =>
  `镜像 "${image}" 不在许可的仓库（registry.example/jiangxi）中：请先把它复制到其中 / image "${image}" is not from a registry that is allowed (registry.example/jiangxi): copy it there first`;

const main = (image: string) => ({ containers: [container({ image })] });
const pods = (id: string, says: string, bad: object, good: object = {}): Row =>
  pair(id, { who: lin, policy: 'images', says, bad: pod(id, { ...bad }), good: pod(id, { ...good }) });
const one = (id: string, image: string, says: (image: string) => string): Row => pods(id, says(image), main(image));

const TAGGED = 'registry.example/jiangxi/work:1';
const EVIL = `registry.example/jiangxi-evil/work@${DIGEST}`;
const beside = (image: string) => ({ initContainers: [container({ name: 'before', image })] });
const volume = (reference: string) => ({
  volumes: [{ name: 'model', image: { reference, pullPolicy: 'IfNotPresent' } }],
});
const debugging = (image: string) => ({ spec: { ephemeralContainers: [{ ...container({ image }), name: 'debug' }] } });

export const imageRows: readonly Row[] = [
  one('image-by-tag', TAGGED, unpinned),
  one('image-without-tag', 'registry.example/jiangxi/work', unpinned),
  one('image-by-a-short-digest', `registry.example/jiangxi/work@sha256:${'a'.repeat(63)}`, unpinned),
  one('image-by-another-hash', `registry.example/jiangxi/work@sha512:${'a'.repeat(128)}`, unpinned),
  one('look-alike-path', EVIL, foreign),
  one('look-alike-host', `registry.example.evil/jiangxi/work@${DIGEST}`, foreign),
  one('look-alike-port', `registry.example:5000/jiangxi/work@${DIGEST}`, foreign),
  one('registry-in-capitals', `REGISTRY.example/jiangxi/work@${DIGEST}`, unpinned),
  one('registry-behind-a-user', `registry.example/jiangxi/x@evil.example/work@${DIGEST}`, unpinned),
  one('registry-left-by-dots', `registry.example/jiangxi/../evil/work@${DIGEST}`, unpinned),
  one('image-without-registry', `work@${DIGEST}`, foreign),
  pods('init-container-by-tag', unpinned(TAGGED), beside(TAGGED), beside(IMAGE)),
  pods('image-volume-from-elsewhere', foreign(EVIL), volume(EVIL), volume(IMAGE)),
  pair('image-by-tag-in-a-template', {
    who: lin,
    policy: 'images',
    says: unpinned(TAGGED),
    bad: deployment('image-by-tag-in-a-template', { spec: main(TAGGED) }),
    good: deployment('image-by-tag-in-a-template'),
  }),
  {
    id: 'image-changed-to-a-tag',
    by: 'policy images',
    denied: patch(lin, 'copper-train', 'Deployment/live', { spec: { template: { spec: main(TAGGED) } } }),
    message: refusal('images', 'deployments.apps "live"', unpinned(TAGGED)),
    twin: patch(lin, 'copper-train', 'Deployment/live', {
      spec: { template: { spec: main(`registry.example/jiangxi/other@${DIGEST}`) } },
    }),
  },
  {
    id: 'ephemeral-container-by-tag',
    by: 'policy images',
    denied: patch(admin, 'copper-train', 'Pod/live/ephemeralcontainers', debugging(TAGGED)),
    message: refusal('images', 'pods "live"', unpinned(TAGGED)),
    twin: patch(admin, 'copper-train', 'Pod/live/ephemeralcontainers', debugging(IMAGE)),
  },
  {
    id: 'ephemeral-container-beside-important-data',
    by: 'policy ephemeral-containers',
    denied: patch(admin, 'ore-vault', 'Pod/live/ephemeralcontainers', debugging(IMAGE)),
    message: refusal(
      'ephemeral-containers',
      'pods "live"',
      'important 级命名空间的 Pod 不得加入临时容器：请在 general 级命名空间中用样例数据调试 / no ephemeral container may join a pod of a namespace of class important: debug with sample data in a namespace of class general',
    ),
    twin: patch(admin, 'copper-train', 'Pod/live/ephemeralcontainers', debugging(IMAGE)),
  },
];
