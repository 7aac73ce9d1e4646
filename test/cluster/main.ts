// npm run test:cluster [-- PART …]: the parts of the list, or those named, against real Kubernetes control planes.
import type { Check } from '../tally.ts';
import { tally } from '../tally.ts';
import { admission } from './admission/part.ts';
import { change } from './change/part.ts';
import { denials } from './denials/part.ts';
import { deploy } from './deploy.ts';
import { doctor } from './doctor/part.ts';
import { judges } from './judges/part.ts';
import { kwokTool } from './kwok.ts';
import { monitoring } from './monitoring/part.ts';
import type { Part } from './part.ts';
import { pools } from './pools/part.ts';
import { proof } from './proof.ts';
import { reader } from './reader.ts';
import { roles } from './roles/part.ts';
import { shipped } from './shipped.ts';
import { clusterTools } from './tools.ts';

const parts: readonly Part[] = [
  shipped,
  reader,
  roles,
  denials,
  pools,
  monitoring,
  change,
  doctor,
  admission,
  judges,
  deploy,
  proof,
];

// So that what was started is killed on 'exit'.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));

const named = process.argv.slice(2);
const unknown = named.find((name) => !parts.some((part) => part.name === name));
if (unknown !== undefined) {
  console.error(`no part is called ${unknown}: ${parts.map(({ name }) => name).join(' ')}`);
  process.exit(2);
}
try {
  await clusterTools();
} catch (error) {
  console.error(error instanceof Error ? error.message : error); // what to install; where it was raised helps nobody
  process.exit(1);
}

// Wanted by later parts, which wait for it and tell where it fails; built while the first ones wait for their servers.
if (named.length === 0) kwokTool().catch(() => {});

async function* checks(): AsyncGenerator<Check> {
  for (const part of parts) {
    if (named.length > 0 && !named.includes(part.name)) continue;
    await using ends = new AsyncDisposableStack();
    let opened: readonly Check[] = [];
    yield [`${part.name}: opens`, async () => void (opened = await part.checks(ends))];
    yield* opened;
  }
}
await tally('cluster', checks());
