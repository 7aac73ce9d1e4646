// npm run test:cluster [-- PART …]: the parts of the list, or those named, against real Kubernetes control planes; three at
// a time, as each has planes of its own and waits for them most of its time.
import { fileURLToPath } from 'node:url';
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
import { queues } from './queues/part.ts';
import { reader } from './reader.ts';
import { roles } from './roles/part.ts';
import { shipped } from './shipped.ts';
import { clusterTools } from './tools.ts';

/** The one list in which a part is registered. */
const parts: readonly Part[] = [
  change, // the longest first
  queues,
  shipped,
  reader,
  roles,
  denials,
  pools,
  monitoring,
  doctor,
  admission,
  judges,
  deploy,
  proof,
];

// What is started a thousand times: Go collects less often, as memory is there and cores are not; Node compiles once.
process.env['GOGC'] ??= '300';
process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(new URL('../../.cache/compiled', import.meta.url));

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

const wanted = parts.filter(({ name }) => named.length === 0 || named.includes(name));
const rest = wanted.values();
const shown = Promise.withResolvers<void>(); // by every part but the last, which looks back at them
let left = wanted.filter((part) => part !== proof).length;

/** The checks of one part after the other, of those that no other lane has taken. */
async function* lane(): AsyncGenerator<Check> {
  for (const part of rest) {
    if (part === proof && left > 0) await shown.promise;
    await using ends = new AsyncDisposableStack();
    let opened: readonly Check[] = [];
    yield [`${part.name}: opens`, async () => void (opened = await part.checks(ends))];
    yield* opened.map(([title, ...check]): Check => [`${part.name}: ${title}`, ...check]);
    if (part !== proof && --left === 0) shown.resolve();
  }
}
await tally('cluster', lane(), lane(), lane());
