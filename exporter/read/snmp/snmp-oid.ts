/** An OID as net-snmp and the devices write it: without a leading dot, without leading zeros. */
export const plainOid = (oid: string): string => arcs(oid).join('.');

const arcs = (oid: string): number[] => oid.replace(/^\./, '').split('.').map(Number);

/** true: `oid` is `root` or stands below it. Both plain. */
export const isWithin = (oid: string, root: string): boolean => oid === root || oid.startsWith(`${root}.`);

/** Negative, 0 or positive: the order in which GETNEXT walks (RFC 3416, 4.2.2). */
export function compareOids(a: string, b: string): number {
  const [left, right] = [arcs(a), arcs(b)];
  const at = left.findIndex((arc, index) => arc !== right[index]);
  if (at === -1) return left.length - right.length;
  return (left[at] ?? 0) - (right[at] ?? -1);
}
