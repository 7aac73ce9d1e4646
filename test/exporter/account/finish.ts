/** Takes all steps of a count. */
export function finish(steps: Iterable<void>): void {
  for (const _ of steps);
}
