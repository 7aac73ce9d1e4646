/** One thing to show: what holds, a function that throws (or rejects) where it does not, and why it cannot be shown here. */
export type Check = readonly [title: string, run: () => unknown, skipped?: string];

/**
 * Runs the checks of a lane one after the other and lanes side by side, prints each with its seconds, and 'N passed, N failed' as the last line, with ', N skipped' where some cannot be shown here.
 * A failed one does not stop the next. The process' exit code becomes 1 when one failed or there was none.
 */
export async function tally(
  name: string,
  ...lanes: readonly (Iterable<Check> | AsyncIterable<Check>)[]
): Promise<void> {
  let passed = 0;
  let failed = 0;
  let skipped = 0;
  async function one([title, run, why]: Check): Promise<void> {
    if (why !== undefined) {
      skipped += 1;
      console.log(`${name}: skipped ${title}: ${why}`);
      return;
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
  await Promise.all(
    lanes.map(async (checks) => {
      for await (const check of checks) await one(check);
    }),
  );
  if (failed > 0 || passed === 0) process.exitCode = 1;
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
}
