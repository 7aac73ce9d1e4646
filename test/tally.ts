/** One thing to show: what holds, a function that throws (or rejects) where it does not, and why it cannot be shown here. */
export type Check = readonly [title: string, run: () => unknown, skipped?: string];

/**
 * Runs checks one after the other, prints each with its seconds, and 'N passed, N failed' as the last line, with ', N skipped' where some cannot be shown here.
 * A failed one does not stop the next. The process' exit code becomes 1 when one failed or there was none.
 */
export async function tally(name: string, checks: Iterable<Check> | AsyncIterable<Check>): Promise<void> {
  let passed = 0;
  let failed = 0;
  let skipped = 0;
  for await (const [title, run, why] of checks) {
    if (why !== undefined) {
      skipped += 1;
      console.log(`${name}: skipped ${title}: ${why}`);
      continue;
    }
    const began = performance.now();
    const seconds = () => `${((performance.now() - began) / 1000).toFixed(1)} s`;
    try {
      await run();
      passed += 1;
      console.log(`${name}: passed  ${title} (${seconds()})`);
    } catch (error) {
      failed += 1;
      console.log(`${name}: FAILED  ${title} (${seconds()})`);
      console.log(error instanceof Error ? error.stack : String(error));
    }
  }
  if (failed > 0 || passed === 0) process.exitCode = 1;
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
}
