import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { join } from 'node:path';
import { snmpMeter } from '../../../exporter/read/snmp/snmp-meter.ts';
import type { Text } from '../../../model/text.ts';
import { integer, pdus, v3Head, v3Message } from '../../../test/exporter/read/snmp-agent.ts';
import { meterOf, patience, seenOf, type Fault } from './fault.ts';
import { withFiles } from './with-files.ts';

interface UsmFault {
  readonly name: Text;
  readonly todo: Text;
  /** The last number of the usmStats counter that the agent reports (RFC 3414, 5); null: it does not answer */
  readonly reports: number | null;
  /** Text of the password files */
  readonly password?: string;
}

const USM_STATS = '1.3.6.1.6.3.15.1.1';
/** usmStatsUnknownEngineIDs: what a discovery is answered with */
const DISCOVERY = 4;

const cases: readonly UsmFault[] = [
  {
    name: { zh: 'v3：认证口令错误', en: 'v3: wrong authentication password' },
    todo: { zh: '核对 `auth_password_file` 和 `auth`', en: 'Check `auth_password_file` and `auth`' },
    reports: 5,
  },
  {
    name: { zh: 'v3：加密口令错误', en: 'v3: wrong privacy password' },
    todo: {
      zh: '核对 `privacy_password_file` 和 `privacy`',
      en: 'Check `privacy_password_file` and `privacy`',
    },
    reports: 6,
  },
  {
    name: { zh: 'v3：加密口令错误，设备不说', en: 'v3: wrong privacy password, and the device keeps silent' },
    todo: {
      zh: '核对 `privacy_password_file` 和 `privacy`',
      en: 'Check `privacy_password_file` and `privacy`',
    },
    reports: null,
  },
  {
    name: { zh: 'v3：没有此用户', en: 'v3: no such user' },
    todo: { zh: '在设备上建该用户；注意大小写', en: 'Make the user at the device; mind upper and lower case' },
    reports: 3,
  },
  {
    name: { zh: 'v3：安全级别不对', en: 'v3: another security level' },
    todo: {
      zh: '按设备要求声明 `auth` 和 `privacy`',
      en: 'Declare `auth` and `privacy` as the device wants them',
    },
    reports: 1,
  },
  {
    name: { zh: 'v3：口令文件为空', en: 'v3: an empty password file' },
    todo: { zh: '把口令写进该文件', en: 'Put the password into the file' },
    reports: 5,
    password: '',
  },
];

/** Answers the discovery, and every other request with a report. */
async function agentOf(reports: number | null) {
  const socket = createSocket('udp4');
  socket.on('message', (datagram: Buffer, { port, address }) => {
    const { id, flags } = v3Head(datagram);
    const counter = (flags & 3) === 0 ? DISCOVERY : reports;
    if (counter === null) return;
    const variables = [[`${USM_STATS}.${counter}.0`, integer(1, 65)] as const];
    socket.send(v3Message({ id, pdu: pdus.report, flags: 0, variables }), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { address: `127.0.0.1:${socket.address().port}`, [Symbol.dispose]: () => void socket.close() };
}

export const snmpV3Faults: readonly Fault[] = cases.map(({ name, todo, reports, password = 'eight or more\n' }) => ({
  name,
  todo,
  play: () =>
    withFiles({ 'snmp-auth': password, 'snmp-privacy': password }, async (folder) => {
      using agent = await agentOf(reports);
      const source = {
        protocol: 'snmp',
        version: '3',
        address: agent.address,
        retries: 0,
        ...patience(reports === null ? true : undefined),
        user: 'greenflops',
        auth: 'sha',
        auth_password_file: join(folder, 'snmp-auth'),
        privacy: 'aes',
        privacy_password_file: join(folder, 'snmp-privacy'),
      };
      const registers = { power: { oid: '1.3.6.1.4.1.318.1.1.26.4.3.1.5.1', scale_to_w: 10 } };
      return await seenOf(meterOf(source, registers), snmpMeter);
    }),
}));
