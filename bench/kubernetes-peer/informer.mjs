// The informer of @kubernetes/client-node as its README shows it, against the server that it is told.
import { CoreV1Api, KubeConfig, makeInformer } from '@kubernetes/client-node';
import { watchHeld } from '../held.ts';

const [, , url = ''] = process.argv;
const config = new KubeConfig();
config.loadFromClusterAndUser({ name: 'bench', server: url, skipTLSVerify: true }, { name: 'nobody' });
const api = config.makeApiClient(CoreV1Api);
const informer = makeInformer(config, '/api/v1/nodes', () => api.listNode());
const held = watchHeld();
const began = performance.now();
informer.on('error', (error) => {
  throw error;
});
await informer.start();
const seconds = (performance.now() - began) / 1000;
const rss = process.resourceUsage().maxRSS * 1024;
process.send?.({ seconds, objects: informer.list().length, held: held(), rss });
process.on('disconnect', () => process.exit());
