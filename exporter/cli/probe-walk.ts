import type { Meter } from '../../model/schema/meter.ts';
import { terminalLanguage } from '../../model/terminal-language.ts';
import { Gateways } from '../read/index.ts';
import { snmpDevice } from '../read/snmp/snmp-device.ts';
import { rowText, snmpWalk } from '../read/snmp/snmp-walk.ts';
import { Exit, exits } from './say.ts';

const MAX_ROWS = 10_000;
const PATIENCE_MS = 120_000;

/** Lists what a meter's SNMP device holds below an OID, as it is read. */
export async function walkDevice(id: string, meter: Meter | undefined, oid: string): Promise<void> {
  if (meter?.source.protocol !== 'snmp') {
    throw new Exit(exits.runtime, {
      zh: `--walk 只用于 SNMP 电表；"${id}" 的协议是 ${meter?.source.protocol ?? '未声明'}`,
      en: `--walk is for meters that are read by SNMP; "${id}" is ${meter ? `read by ${meter.source.protocol}` : 'not declared'}`,
    });
  }
  if (!/^\.?[0-2](\.\d+)+$/.test(oid)) {
    throw new Exit(exits.runtime, {
      zh: `"${oid}" 不是 OID，应形如 1.3.6.1.4.1.318`,
      en: `"${oid}" is no OID: it reads like 1.3.6.1.4.1.318`,
    });
  }
  const gateways = new Gateways();
  try {
    const device = snmpDevice(meter.source, gateways);
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const rows = snmpWalk(device, oid, { patience: meter.source, signal, maxRows: MAX_ROWS });
    let count = 0;
    for await (const row of rows) {
      console.log(rowText(row));
      count += 1;
    }
    if (count === 0) console.log({ zh: `${oid} 之下没有内容`, en: `nothing at or below ${oid}` }[terminalLanguage()]);
  } finally {
    await gateways.close();
  }
}
