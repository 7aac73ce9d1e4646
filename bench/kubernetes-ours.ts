// Our reader in a process of its own, against the server that it is told; answers with what the first sync took.
import { kubernetesCluster } from '../exporter/read/kubernetes/kubernetes-cluster.ts';
import { kubernetesSource } from '../model/schema/sources.ts';
import { watchHeld } from './held.ts';

const [, , url = ''] = process.argv;
const reader = kubernetesCluster(kubernetesSource.parse({ protocol: 'kubernetes' }), {
  wanted: { resources: new Set(['nvidia.com/gpu']), labels: new Set(['accelerator']) },
  access: async () => ({ server: new URL(url), tls: {}, token: null, told: 'nobody' }),
});
const held = watchHeld();
const began = performance.now();
const { nodes } = await reader.read(AbortSignal.timeout(60_000));
const seconds = (performance.now() - began) / 1000;
process.send?.({ seconds, objects: nodes?.length, held: held(), rss: process.resourceUsage().maxRSS * 1024 });
process.on('disconnect', () => process.exit());
