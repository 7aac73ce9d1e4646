/** What Kueue knows no integration for: it counts their pods, which therefore carry what Kueue reads. */
const SETS = "['ReplicaSet', 'ReplicationController', 'DaemonSet']";

/**
 * Where Kueue reads a workload's queue and priority: in a CronJob's job, in the pods of a set that Kueue does not know as
 * such, else in the object itself.
 */
export const holder = (object: string): string =>
  `(dyn(object).kind == 'CronJob' ? dyn(${object}).spec.jobTemplate : ` +
  `dyn(object).kind in ${SETS} ? dyn(${object}).spec.template : dyn(${object}))`;

/** The same as a path, with `.` or `/` between its parts; '' for the object itself. */
export const holderPath = (between: '.' | '/'): string => {
  const path = (...parts: string[]) => (between === '/' ? `'/${parts.join('/')}'` : `'${parts.join('.')}.'`);
  return (
    `(dyn(object).kind == 'CronJob' ? ${path('spec', 'jobTemplate')} : ` +
    `dyn(object).kind in ${SETS} ? ${path('spec', 'template')} : '')`
  );
};
