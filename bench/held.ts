/** CPU time of this thread, ms. */
function now(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/**
 * Watches how long this thread works without a turn of its event loop, in ms of CPU time: what other processes take of
 * the machine meanwhile is not in it, which a clock on the wall would count. Call the result for the longest so far.
 */
export function watchHeld(): () => number {
  let last = now();
  let longest = 0;
  const turn = (): void => {
    const then = last;
    last = now();
    longest = Math.max(longest, last - then);
  };
  const timer = setInterval(turn, 1);
  return () => {
    turn();
    clearInterval(timer);
    return longest;
  };
}
