import cron from 'node-cron';

const BEAT_MS = 1000;
/** A beat that is later by the monotonic clock was lost. */
const LATE_MS = 2 * BEAT_MS;

export interface TimetableOptions {
  /** Called about once a second; never throws. */
  readonly beat: () => unknown;
  /** @default the process's monotonic clock, ms */
  readonly mono?: () => number;
}

/**
 * The beats that everything happens on. node-cron counts them by the wall clock: set back by an hour it is silent for an
 * hour, and a beat that comes late is left out. A second look by the monotonic clock makes up for both, and starts
 * node-cron anew by the clock as it now is.
 */
export function startTimetable({ beat, mono = () => performance.now() }: TimetableOptions): {
  stop(): Promise<void>;
} {
  let last = mono();
  const take = (): void => {
    last = mono();
    beat();
  };
  const schedule = () =>
    cron.schedule('* * * * * *', take, { timezone: 'UTC', noOverlap: false, suppressMissedWarning: true });
  let task = schedule();
  const keeper = setInterval(() => {
    if (mono() - last < LATE_MS) return;
    void task.destroy();
    task = schedule();
    take();
  }, BEAT_MS);
  return {
    async stop() {
      clearInterval(keeper);
      await task.destroy();
    },
  };
}
