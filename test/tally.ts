/** One thing to show: what holds, and a function that throws (or rejects) where it does not. */
export type Check = readonly [title: string, run: () => unknown];

/**
 * Runs checks one after the other, prints each with its seconds, and 'N passed, N failed' as the last line.
 * A failed one does not stop the next. The process' exit code becomes 1 when one failed or there was none.
 */
export async function tally(name: string, checks: readonly Check[]): Promise<void> {
  let failed = 0;
  for (const [title, run] of checks) {
    const began = performance.now();
    const seconds = () => `${((performance.now() - began) / 1000).toFixed(1)} s`;
    try {
      await run();
      console.log(`${name}: passed  ${title} (${seconds()})`);
    } catch (error) {
      failed += 1;
      console.log(`${name}: FAILED  ${title} (${seconds()})`);
      console.log(error instanceof Error ? error.stack : String(error));
    }
  }
  if (failed > 0 || checks.length === 0) process.exitCode = 1;
  console.log(`${checks.length - failed} passed, ${failed} failed`);
}
