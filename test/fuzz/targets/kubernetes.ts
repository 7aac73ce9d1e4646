import assert from 'node:assert/strict';
import type { Hold } from '../../../exporter/read/allocation/allocations.ts';
import { clusterNode, type Node } from '../../../exporter/read/kubernetes/kubernetes-node.ts';
import { holdsOfPod, type Pod } from '../../../exporter/read/kubernetes/kubernetes-pod.ts';
import { ListItems, parsed } from '../../../exporter/read/kubernetes/list-items.ts';
import { mutateJson } from '../mutate-json.ts';
import type { Target } from '../target.ts';
import { pieces } from './modbus.ts';

const RESOURCE = 'nvidia.com/gpu';
const wanted = { resources: new Set([RESOURCE]), labels: new Set(['accelerator']) };
const node = `{"metadata":{"name":"n-1","labels":{"accelerator":"a800"}},"spec":{},"status":{"capacity":{"${RESOURCE}":"8"},"allocatable":{"${RESOURCE}":"8"},"conditions":[{"type":"Ready","status":"True"}]}}`;
const pod = `{"metadata":{"name":"p","namespace":"default"},"spec":{"nodeName":"n-1","containers":[{"resources":{"requests":{"${RESOURCE}":"4"}}}],"initContainers":[{"restartPolicy":"Always","resources":{"limits":{"${RESOURCE}":"1"}}}]},"status":{"phase":"Running"}}`;
const list = (...items: string[]): string =>
  `{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"7","continue":"x"},"items":[${items.join(',')}]}`;

const lists = [
  list(),
  list(node),
  list(pod, pod),
  list(node, pod),
  `{"items":[${pod}],"metadata":{"resourceVersion":"1"}}`,
  '{"kind":"Status","code":410}',
];

/** What an object holds; null: an API server would not have taken it, and the mirror tells it as it does a ReadError. */
function heldBy(object: unknown): Hold[] | null {
  try {
    clusterNode(object as Node, wanted);
    return holdsOfPod(object as Pod, wanted.resources);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

export const kubernetesTarget: Target = {
  name: 'kubernetes',
  seeds: lists,
  make: (random) => mutateJson(lists, random),
  words: [
    node,
    pod,
    '{"items":[',
    ']}',
    '{',
    '}',
    '[',
    ']',
    ',',
    '"',
    '\\"',
    '\\',
    'null',
    '"items":[',
    '"status":',
    '"4k"',
    '"1.5"',
    '"-1"',
    '{}',
    '"containers":{}',
  ],
  read(bytes, random) {
    const items = new ListItems();
    let seen = 0;
    for (const part of pieces(bytes, random))
      for (const text of items.push(part)) {
        const object = parsed(text);
        seen += 1;
        const held = heldBy(object);
        if (held === null) return 'no object of its kind';
        for (const { chips } of held) assert.ok(Number.isSafeInteger(chips) && chips >= 0);
      }
    items.frame();
    return seen === 0 ? 'no object' : null;
  },
};
