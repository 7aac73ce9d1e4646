import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../../exporter-process.ts';
import type { Check } from '../../tally.ts';
import { podAndClaim, weakened } from '../exporter.ts';
import type { Part } from '../part.ts';
import { crdFolder, openProving } from '../proving.ts';
import { boards } from './boards.ts';
import { accepted, secretsByReference, unchanged } from './deployed.ts';
import { startDevices } from './devices.ts';
import { asksTheApi, goesOn, runs } from './runs.ts';
import { root, Scene } from './scene.ts';
import { oneSeries, scraped } from './scraped.ts';
import { withTls } from './tls.ts';
import { bound } from './volume.ts';
import { withoutOperator } from './without-operator.ts';

const checks: readonly (readonly [title: string, run: (scene: Scene) => Promise<void>])[] = [
  ['every object of ledger and telemetry is accepted beside the others', accepted],
  ['a second apply writes nothing', unchanged],
  ["the exporter's pod is made and admitted, and holds the ledger's claim", ({ stage }) => podAndClaim(stage)],
  ["the same pod would be refused with the host's process ids", ({ stage }) => weakened(stage)],
  ['Secrets are named and never rendered', secretsByReference],
  ['the shipped bundle runs with the arguments and mounts of the stored pod, behind a password', runs],
  ["it asks the Kubernetes API by the pod's own token", asksTheApi],
  ['Prometheus scrapes by the stored ServiceMonitor and evaluates the stored rules', scraped],
  ['after destroy and deploy the totals go on from where they stood', goesOn],
  ["Prometheus saw one series of each total, and each process' own of itself", oneSeries],
  ['the boards in the cluster are those that were built', boards],
  ["without operator and sidecar a Prometheus of one's own takes rules and scrape job", withoutOperator],
  ['with TLS the exporter is probed and scraped by HTTPS', withTls],
  ["the ledger's claim is bound on the node to which the exporter goes", bound],
];

/** The exporter of a site as it is deployed, a real Prometheus that scrapes it by the stored objects, and a redeploy. */
export const monitoring: Part = {
  name: 'monitoring',
  async checks(ends): Promise<readonly Check[]> {
    if (crdFolder() === undefined) {
      const why =
        'no folder of CRDs (GREENFLOPS_CRDS, or ../shared/crds): there is no ServiceMonitor or PrometheusRule';
      return checks.map(([title]) => [`prove: ${title}`, () => {}, why]);
    }
    const home = mkdtempSync(join(tmpdir(), 'greenflops-monitoring-'));
    ends.defer(() => rmSync(home, { recursive: true, force: true }));
    const bundle = join(home, 'bundle');
    await promisify(execFile)(process.execPath, ['exporter/ship/bundle.ts', '--out', bundle], { cwd: root });
    const devices = await startDevices(ends);
    const stage = await openProving(ends, { change: (text) => devices.estate(text) });
    const ports = [await freePort(), await freePort(), await freePort()] as const;
    const scene = new Scene(stage, devices, home, bundle, ports);
    ends.defer(async () => {
      await scene.running?.stop();
      await scene.prometheus?.stop();
    });
    return checks.map(([title, run]) => [`prove: ${title}`, () => run(scene)]);
  },
};
