import { readFileSync, renameSync, writeFileSync } from 'node:fs';

/** Whose queues the Kueue of the scene has on a cluster of the shipped estate: one's jobs run, the other submits nothing. */
export const QUEUES = { cluster: 'nc-a', site: 'nanchang', running: 'copper-ai', quiet: 'uni-lab' };

const recorded = (name: string): string[] =>
  readFileSync(new URL(`../exporter/judge/queue/text/${name}.prom`, import.meta.url), 'utf8').split('\n');

/** What a real controller served (text/README.md), of these two queues, after so many jobs more were admitted. */
function served(jobs: number): string {
  const of = (lines: string[], queue: string) => lines.filter((line) => line.includes(`cluster_queue="${queue}"`));
  const busy = recorded('busy');
  return [
    ...busy.filter((line) => /^(kueue_build_info|process_start_time_seconds)/.test(line)),
    ...of(busy, QUEUES.running).map((line) =>
      line.replace(
        /(?<=^kueue_admission_wait_time_seconds_(?:sum|count)\{.*\} ).*/,
        (value) => `${Number(value) + jobs}`,
      ),
    ),
    ...of(recorded('idle'), QUEUES.quiet),
    '',
  ].join('\n');
}

/** Keeps such a text in a file, with a job more each second, until it is disposed of. */
export function playKueue(file: string): Disposable {
  let jobs = 0;
  const write = (): void => {
    writeFileSync(`${file}.new`, served(jobs));
    renameSync(`${file}.new`, file);
    jobs += 1;
  };
  write();
  const timer = setInterval(write, 1000);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
