// A made-up API server in a process of its own: 10,000 nodes of 13 KB, listed in pages or whole, and a watch that is quiet.
// Tells its address to whoever forked it.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const [, , count = '10000'] = process.argv;

const condition = (type: string, status: string) => ({
  type,
  status,
  lastHeartbeatTime: '2026-11-30T00:00:00Z',
  lastTransitionTime: '2026-11-01T00:00:00Z',
  reason: `Kubelet${type}`,
  message: `the kubelet says ${status} of ${type}`,
});

/** As a kubelet with a device plugin and node feature discovery writes it: 30 labels, 50 images, 9 KB of which are those. */
function node(i: number): string {
  const features = Array.from({ length: 30 }, (_, k) => [`feature.node.kubernetes.io/cpu-cpuid.FEATURE${k}`, 'true']);
  const chips = { cpu: '128', memory: '2113458024Ki', pods: '110', 'nvidia.com/gpu': '8' };
  return JSON.stringify({
    metadata: {
      name: `node-${i}`,
      uid: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
      resourceVersion: String(1000 + i),
      labels: { accelerator: 'nvidia-a800', 'kubernetes.io/hostname': `node-${i}`, ...Object.fromEntries(features) },
      annotations: {
        'node.alpha.kubernetes.io/ttl': '0',
        'volumes.kubernetes.io/controller-managed-attach-detach': 'true',
      },
    },
    spec: { podCIDR: '10.0.0.0/24', providerID: `metal://node-${i}` },
    status: {
      capacity: chips,
      allocatable: chips,
      conditions: ['MemoryPressure', 'DiskPressure', 'PIDPressure']
        .map((type) => condition(type, 'False'))
        .concat(condition('Ready', 'True')),
      addresses: [{ type: 'InternalIP', address: '10.1.2.3' }],
      nodeInfo: {
        kernelVersion: '5.15.0',
        osImage: 'openEuler 22.03',
        kubeletVersion: 'v1.32.0',
        architecture: 'amd64',
      },
      images: Array.from({ length: 50 }, (_, k) => ({
        names: [
          `registry.example/group/image-${k}@sha256:${String(k).padStart(64, '0')}`,
          `registry.example/group/image-${k}:v1.${k}`,
        ],
        sizeBytes: 100_000_000 + k,
      })),
    },
  });
}

const nodes = Array.from({ length: Number(count) }, (_, i) => node(i));
const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://x');
  response.writeHead(200, { 'content-type': 'application/json' });
  if (searchParams.has('watch')) return response.flushHeaders();
  const kind = pathname.endsWith('/nodes') ? 'NodeList' : 'PodList';
  const all = kind === 'NodeList' ? nodes : [];
  const from = Number(searchParams.get('continue') ?? 0);
  const to = Math.min(all.length, from + Number(searchParams.get('limit') ?? Infinity));
  const metadata = JSON.stringify({ resourceVersion: '99999', ...(to < all.length ? { continue: String(to) } : {}) });
  response.write(`{"kind":"${kind}","apiVersion":"v1","metadata":${metadata},"items":[`);
  for (let i = from; i < to; i += 50)
    response.write((i > from ? ',' : '') + nodes.slice(i, Math.min(i + 50, to)).join(','));
  return response.end(']}');
});
server.listen(0, '127.0.0.1', () => {
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
process.on('disconnect', () => process.exit());
