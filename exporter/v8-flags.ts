/** What the exporter needs beside its series: code, SQLite, one answer of a large source being read. */
export const BASE_MIB = 64;
/** Label text, values and two renditions of a series, and the answers that it comes from. */
export const BYTES_PER_SERIES = 1500;
const MIB = 1024 * 1024;

/** V8's old space for so many series, MiB. */
export const heapMib = (series: number): number => Math.ceil(BASE_MIB + (series * BYTES_PER_SERIES) / MIB);

/** V8's limits for a series budget: a full heap makes the exporter drop series, not die of the kernel's limit. */
export const v8Flags = (series: number): string[] => [
  `--max-old-space-size=${heapMib(series)}`,
  '--max-semi-space-size=2',
];
