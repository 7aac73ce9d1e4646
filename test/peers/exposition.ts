import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { peerTools } from './tools.ts';

/** Feeds a program's stdin; resolves with all that it printed and its exit code. */
async function feed(program: string, args: readonly string[], input: string): Promise<{ code: number; said: string }> {
  const child = spawn(program, args, { stdio: 'pipe' });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => (said += chunk));
  child.stdin.on('error', () => {}); // EPIPE: it ended before it had read all; its exit code tells
  child.stdin.end(input);
  const [code] = (await once(child, 'close')) as [number];
  return { code, said: said.trim() };
}

/** Carbon is counted in kilograms everywhere, in factors, reports and law: the one unit that is not promtool's. */
const accepted = /^greenflops_carbon_\w+ use base unit "grams" instead of "kilograms"$/;

/** `promtool check metrics` on text format 0.0.4: rejects with its complaints (lint findings too), resolves when silent. */
export async function promtoolCheckMetrics(text: string): Promise<void> {
  const { promtool } = await peerTools();
  const { code, said } = await feed(promtool, ['check', 'metrics'], text);
  const complaints = said.split('\n').filter((line) => line !== '' && !accepted.test(line));
  // 3: it has complaints of style
  if ((code !== 0 && code !== 3) || complaints.length > 0 || (code === 3 && said === ''))
    throw new Error(`promtool check metrics, exit code ${code}:\n${said}`);
}

// Debian's package belongs to Debian's Python, which need not be the first on the PATH.
const pythons = ['python3', '/usr/bin/python3'];
const parser = `
import sys
from prometheus_client.openmetrics.parser import text_fd_to_metric_families
print(sum(len(family.samples) for family in text_fd_to_metric_families(sys.stdin)))`;

/** Reads OpenMetrics text with the Python client's strict parser: the number of samples; rejects with what it refuses. */
export async function openMetricsSamples(text: string): Promise<number> {
  for (const python of pythons) {
    const found = await promisify(execFile)(python, ['-c', 'import prometheus_client']).then(
      () => true,
      () => false,
    );
    if (!found) continue;
    const { code, said } = await feed(python, ['-c', parser], text);
    if (code !== 0) throw new Error(`prometheus_client refuses the OpenMetrics text: ${said.split('\n').at(-1)}`);
    return Number(said);
  }
  throw new Error(
    `No Python with prometheus_client: tried ${pythons.join(' and ')}. Install it (Debian: apt-get install python3-prometheus-client).`,
  );
}
