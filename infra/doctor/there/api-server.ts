import type { Checkup } from '../../../model/checkup.ts';
import { both, type There } from '../context.ts';

const LEAST = 30; // 1.30: ValidatingAdmissionPolicy is there for good

/** The way into the cluster: the context, the server behind it, and whether it is new enough. Nothing else is asked where it fails. */
export const apiServer: Checkup<There> = {
  name: { zh: 'API 服务器', en: 'API server' },
  decisive: true,
  run: async ({ reader, view: { plan, cluster }, where }) => {
    const { context } = cluster;
    const place = where(['clusters', plan.estate.clusters.indexOf(cluster), 'context']);
    const { stdout: names, code } = await reader.run(['config', 'get-contexts', '-o', 'name']);
    const known = names.split('\n').filter(Boolean);
    if (code !== 0 || !known.includes(context))
      return {
        troubles: [
          {
            where: place,
            what: {
              zh: `kubeconfig 中没有 context ${context}；有：${known.join('、') || '无'}`,
              en: `the kubeconfig has no context ${context}; it has: ${known.join(', ') || 'none'}`,
            },
            todo: {
              zh: '用 KUBECONFIG 指向含有它的文件（多个用 : 分隔），或改正 clusters[].context',
              en: 'point KUBECONFIG at the file that holds it (several with : between them), or correct clusters[].context',
            },
          },
        ],
      };
    const { stdout, stderr } = await reader.run(['get', '--raw', '/version']);
    const [, version, minor] = /"gitVersion":\s*"(v\d+\.(\d+)[^"]*)"/.exec(stdout) ?? [];
    if (version === undefined)
      return {
        troubles: [
          {
            where: place,
            what: both(stderr.trim().split('\n').at(-1) ?? ''),
            todo: {
              zh: `检查网络、证书和登录是否有效：kubectl --context ${context} get --raw /version`,
              en: `see to network, certificate and login: kubectl --context ${context} get --raw /version`,
            },
          },
        ],
      };
    if (Number(minor) >= LEAST) return { ok: both(version) };
    return {
      troubles: [
        {
          where: place,
          what: {
            zh: `Kubernetes ${version} 太旧：准入策略需要 1.${LEAST} 或更新`,
            en: `Kubernetes ${version} is too old: the admission policies need 1.${LEAST} or newer`,
          },
          todo: { zh: '先升级集群', en: 'upgrade the cluster first' },
        },
      ],
    };
  },
};
