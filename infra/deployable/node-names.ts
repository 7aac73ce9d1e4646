import type { Obstacle, Rule } from './obstacle.ts';

/** A DNS subdomain (RFC 1123), as Kubernetes names nodes. */
const NODE = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** The exporter takes any name that leads to a node's text; the label of a node needs the node's own name. */
export const nodeNames: Rule = ({ estate }) =>
  estate.pools.flatMap(({ nodes }, i) =>
    ('names' in nodes ? nodes.names : []).flatMap((name, j): Obstacle[] =>
      NODE.test(name)
        ? []
        : [
            {
              path: ['pools', i, 'nodes', 'names', j],
              detail: {
                zh: '不是 Kubernetes 节点名：请写 kubectl get nodes 列出的名字（小写字母、数字、- 和 .）',
                en: 'no name of a Kubernetes node: write it as kubectl get nodes lists it (lower-case letters, digits, - and .)',
              },
            },
          ],
    ),
  );
