const status = '1.3.6.1.4.1.318.1.1.26.4.3.1';

/** What is read of each PDU, in the order in which it is asked for: an APC rPDU2's last reset, energy and power. */
export const rows = [
  { name: 'restart', oid: `${status}.10.1`, tag: 4, hex: Buffer.from('04/16/2019 14:43:21').toString('hex') },
  { name: 'energy', oid: `${status}.9.1`, tag: 2, hex: '4c3c' },
  { name: 'power', oid: `${status}.5.1`, tag: 2, hex: '79' },
] as const;
