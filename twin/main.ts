import { parseArgs } from 'node:util';
import { startTwin } from './twin.ts';

const usage = `usage: node twin/main.ts [--plan DIR] [--seed N] [--control HOST:PORT]
  --plan     folder with estate.yaml (plan)
  --seed     another seed is another centre (2030)
  --control  control API on loopback (127.0.0.1:19970)`;

try {
  const { values } = parseArgs({
    options: {
      plan: { type: 'string', default: 'plan' },
      seed: { type: 'string', default: '2030' },
      control: { type: 'string', default: '127.0.0.1:19970' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(usage);
  } else {
    const seed = Number(values.seed);
    if (!Number.isSafeInteger(seed)) throw new Error(`--seed is a whole number, not ${values.seed}`);
    const twin = await startTwin({ plan: values.plan, seed, control: values.control });
    const { meters, pools, not_served } = twin.served;
    for (const { id, address, unit, model } of meters) console.log(`meter ${id}: ${address} unit ${unit}, ${model}`);
    for (const { id, url, devices, model } of pools) console.log(`pool ${id}: ${url}, ${devices} x ${model}`);
    for (const id of not_served) console.log(`${id}: declared, but the twin does not speak its protocol`);
    console.log(`twin: seed ${seed}, control ${twin.control}`);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void twin.close());
  }
} catch (error) {
  console.error(`twin: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
