// npm run test:soak: a simulated hour of an exporter with 40,000 series, as fast as it goes; GREENFLOPS_SOAK_HOURS=24 is the whole.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { mallocEnvironment } from '../../exporter/start-environment.ts';
import { v8Flags } from '../../exporter/v8-flags.ts';
import { SERIES_BUDGET } from '../../exporter/publish/exposition.ts';

// The limits of the start script, so that memory is what it is where the exporter runs.
const flags = [...v8Flags(SERIES_BUDGET), '--expose-gc'];
const soak = fileURLToPath(new URL('soak.ts', import.meta.url));
const child = spawn(process.execPath, [...flags, soak], {
  stdio: 'inherit',
  env: { ...process.env, ...mallocEnvironment },
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill('SIGTERM'));
const [code] = (await once(child, 'exit')) as [number | null];
process.exitCode = code ?? 1;
